import type { Me } from '../../core/api';
import { area, createTranslator } from '../../core/i18n';
import { useLang } from '../../texts';

const t = createTranslator({ admin: area({ title: '管理' }, { title: 'Administration' }) });

/** Where administration begins. */
export const adminPath = '/admin';

/** Whether somebody administers anything. */
export const administers = (user: Me['user']): boolean => !!user.admin || !!user.planes?.length;

/** Its name in the menus, without loading the rest. */
export function useAdminTitle(): string {
  useLang();
  return t('admin.title');
}

/** A gear. */
export function AdminIcon({ size = 20 }: { size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className="fw-icon"
    >
      <path d="M4 7h10M18 7h2M4 12h2M10 12h10M4 17h8M16 17h4M16 5v4M8 10v4M14 15v4" />
    </svg>
  );
}
