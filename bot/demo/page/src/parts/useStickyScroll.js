// Keeps a list at its end while the reader is there, and leaves it alone where the reader scrolled up.
// Gives the list to attach and a way to jump to its end, for one's own words.
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";

const NEAR_END_PX = 80;

export function useStickyScroll(changed) {
  const list = useRef(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = list.current;
    const remember = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    const follow = () => atEnd.current && element.scrollTo({ top: element.scrollHeight });
    element.addEventListener("scroll", remember, { passive: true });
    // Pictures arrive after the text and would push the end out of sight.
    element.addEventListener("load", follow, { capture: true });
    return () => {
      element.removeEventListener("scroll", remember);
      element.removeEventListener("load", follow, { capture: true });
    };
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current) list.current.scrollTo({ top: list.current.scrollHeight });
  }, [changed]);
  const toEnd = useCallback(() => {
    atEnd.current = true;
    list.current.scrollTo({ top: list.current.scrollHeight });
  }, []);
  return [list, toEnd];
}
