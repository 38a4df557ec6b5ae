import { area, createTranslator } from '../../core/i18n';
import { useLang } from '../../texts';

const pw = area(
  {
    title: '设置密码',
    intro: '此链接只能使用一次。设置后请用新密码登录，其他设备上的登录会退出。',
    noLink: '链接不完整，请使用收到的完整链接',
    password: '新密码',
    hint: '至少 {n} 个字符',
    hintClasses: '包含大写、小写、数字、符号中的 {n} 类',
    hintHistory: '不与最近 {n} 个密码相同',
    comma: '，',
    again: '再输入一次新密码',
    submit: '设置密码',
    short: '请输入至少 {n} 个字符的密码',
    classes: '请包含大写、小写、数字、符号中的至少 {n} 类',
    reused: '不能与最近 {n} 个密码相同',
    different: '两次输入的密码不一致',
    same_as_login: '密码不能与账号或姓名相同',
    too_simple: '密码过于简单',
    too_common: '密码过于常见，请换一个',
    link: '链接已使用、已过期或无效，请联系管理员重新获取',
    done: '密码已设置，请登录',
    login: '去登录',
  },
  {
    title: 'Choose a password',
    intro: 'This link works once. Sign in with the new password then; all other sessions end.',
    noLink: 'The link is incomplete; use the whole link you were given',
    password: 'New password',
    hint: 'At least {n} characters',
    hintClasses: '{n} of upper case, lower case, digits, symbols',
    hintHistory: 'none of the last {n}',
    comma: ', ',
    again: 'New password again',
    submit: 'Set password',
    short: 'Enter a password of at least {n} characters',
    classes: 'Use at least {n} of: upper case, lower case, digits, symbols',
    reused: 'It was one of the last {n} passwords',
    different: 'The passwords differ',
    same_as_login: 'The password must differ from user and name',
    too_simple: 'This password is too simple',
    too_common: 'This password is too common; choose another',
    link: 'The link was used, is over, or never was one. Ask an administrator for a new one.',
    done: 'The password is set; sign in',
    login: 'Sign in',
  },
);

const t = createTranslator({ pw });

/** The texts of this page alone: nobody else has to load them. */
export function usePasswordTexts() {
  useLang();
  return t;
}
