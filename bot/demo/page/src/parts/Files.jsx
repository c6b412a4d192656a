// Files on their way: chosen by button or dropped, shown with a picture, taken away again.
import { useEffect, useState } from "react";
import { Icon } from "./Icon.jsx";

export function FileTray({ files, onRemove }) {
  if (!files.length) return null;
  return (
    <ul className="tray" aria-label="Files to send">
      {files.map((file, index) => (
        <li key={`${file.name}-${file.size}-${index}`}>
          <Thumbnail file={file} />
          <span className="tray-name">{file.name}</span>
          <button type="button" aria-label={`Remove ${file.name}`} onClick={() => onRemove(index)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Thumbnail({ file }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.type);
  return isPicture && address ? <img src={address} alt="" /> : <Icon name="picture" />;
}

/** Props for an element that takes dropped files, and whether files hover over it now. */
export function useDrop(onFiles) {
  const [over, setOver] = useState(false);
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const props = {
    onDragOver: (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setOver(false);
    },
    onDrop: (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      onFiles([...event.dataTransfer.files]);
    },
  };
  return [over, props];
}

export function AttachButton({ onFiles, disabled, multiple = true, label = "Attach a picture" }) {
  return (
    <label className={`icon-button attach ${disabled ? "off" : ""}`} title={label}>
      <Icon name="clip" />
      <span className="unseen">{label}</span>
      <input type="file" multiple={multiple} disabled={disabled}
        onChange={(event) => {
          onFiles([...event.target.files]);
          event.target.value = "";
        }} />
    </label>
  );
}
