import './file.css';
import type { FileInfo } from '../../core/api';
import { fileSize } from '../../core/format';
import { Icon } from '../../kit';
import { useFields } from '../context';
import { asFiles, type ViewProps } from '../view';

const isPicture = (f: FileInfo) => /^image\/(png|jpe?g|gif|webp|bmp)$/.test(f.type);

/** Files to open; pictures as thumbnails. */
export default function FileView({ value }: ViewProps) {
  const { api } = useFields();
  return (
    <ul className="fw-files">
      {asFiles(value).map((f) => (
        <li key={f.id} className="fw-file">
          <a href={api.fileUrl(f.id)} target="_blank" rel="noreferrer" className="fw-file-link">
            {isPicture(f) ? (
              <img src={api.fileUrl(f.id)} alt="" loading="lazy" className="fw-file-thumb" />
            ) : (
              <Icon name="clip" size={18} />
            )}
            <span className="fw-file-name">{f.name}</span>
            <span className="fw-file-size">{fileSize(f.size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
