import { useState } from 'react';
import type { Json } from '../../core/api';
import { Button, NumberInput, TextArea, TextInput, toast } from '../../kit';
import { useT } from '../../texts';
import type { EditProps } from '../context';
import { asList, asText } from '../view';

/** json: typed text; it becomes the value when it is JSON, and is shown as wrong until then. */
export function JsonEdit({ field, value, onChange, ...rest }: EditProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [bad, setBad] = useState(false);
  const change = (next: string) => {
    setText(next);
    if (!next.trim()) {
      setBad(false);
      return onChange(undefined);
    }
    try {
      onChange(JSON.parse(next) as Json);
      setBad(false);
    } catch {
      setBad(true);
    }
  };
  return (
    <TextArea
      {...rest}
      invalid={rest.invalid || bad}
      label={field.title}
      placeholder='{"key": "value"}'
      value={text}
      onChange={change}
    />
  );
}

/** color: the system's picker and the code beside it. */
export function ColorEdit({ field, value, onChange, ...rest }: EditProps) {
  const text = asText(value);
  return (
    <div className="fw-color">
      <input
        type="color"
        aria-label={field.title}
        disabled={rest.disabled}
        value={/^#[0-9a-f]{6}$/i.test(text) ? text : '#000000'}
        onChange={(e) => onChange(e.target.value.toUpperCase())}
      />
      <TextInput
        {...rest}
        label={field.title}
        placeholder="#0068D6"
        value={text}
        onChange={(v) => onChange(v || undefined)}
      />
    </div>
  );
}

interface Address {
  region?: string[];
  detail?: string;
}

/** address: the region, levels parted by a slash, and the rest of the line. */
export function AddressEdit({ field, value, onChange, ...rest }: EditProps) {
  const t = useT();
  const address = (value ?? {}) as Address;
  const set = (part: Address) => {
    const next = { ...address, ...part };
    onChange(next.region?.length || next.detail ? next : undefined);
  };
  return (
    <div className="fw-stack" role="group" aria-labelledby={rest.labelId}>
      <TextInput
        {...rest}
        labelId={undefined}
        label={`${field.title} ${t('form.region')}`}
        placeholder={t('form.region')}
        value={asList(address.region).join('/')}
        onChange={(v) => set({ region: v ? v.split('/').map((x) => x.trim()) : undefined })}
      />
      <TextInput
        {...rest}
        id={`${rest.id}-detail`}
        labelId={undefined}
        label={`${field.title} ${t('form.addressDetail')}`}
        placeholder={t('form.addressDetail')}
        value={address.detail ?? ''}
        onChange={(v) => set({ detail: v || undefined })}
      />
    </div>
  );
}

interface Location {
  lng?: string;
  lat?: string;
  address?: string;
}

/** location: taken from the device, or typed. */
export function LocationEdit({ field, value, onChange, ...rest }: EditProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const place = (value ?? {}) as Location;
  const set = (part: Location) => {
    const next = { ...place, ...part };
    onChange(next.lng || next.lat || next.address ? next : undefined);
  };
  const locate = () => {
    if (!navigator.geolocation) return toast(t('ui.locateFailed'), 'error');
    setBusy(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false);
        set({ lng: coords.longitude.toFixed(6), lat: coords.latitude.toFixed(6) });
      },
      () => {
        setBusy(false);
        toast(t('ui.locateFailed'), 'error');
      },
      { timeout: 10_000 },
    );
  };
  return (
    <div className="fw-stack" role="group" aria-labelledby={rest.labelId}>
      <div className="fw-range">
        <NumberInput
          {...rest}
          plain
          labelId={undefined}
          label={t('ui.lng')}
          placeholder={t('ui.lng')}
          value={place.lng ?? ''}
          onChange={(v) => set({ lng: v || undefined })}
        />
        <NumberInput
          {...rest}
          plain
          id={`${rest.id}-lat`}
          labelId={undefined}
          label={t('ui.lat')}
          placeholder={t('ui.lat')}
          value={place.lat ?? ''}
          onChange={(v) => set({ lat: v || undefined })}
        />
      </div>
      <TextInput
        {...rest}
        id={`${rest.id}-address`}
        labelId={undefined}
        label={t('form.addressDetail')}
        placeholder={t('form.addressDetail')}
        value={place.address ?? ''}
        onChange={(v) => set({ address: v || undefined })}
      />
      {!rest.disabled && (
        <Button size="small" loading={busy} onClick={locate}>
          {t('form.location')}
        </Button>
      )}
    </div>
  );
}
