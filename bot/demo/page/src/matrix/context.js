// What every part of the Matrix half may ask: the view, a way to act, and a way to put words into the message box.
import { createContext, useContext } from "react";

export const MatrixContext = createContext(null);
export const useMatrix = () => useContext(MatrixContext);
