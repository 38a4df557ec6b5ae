import { area, createTranslator } from '../../core/i18n';
import { useLang } from '../../texts';

const setup = area(
  {
    title: '创建首个管理员',
    intro: '此链接只能使用一次。管理员可以搭建应用、管理组织和权限。',
    name: '姓名',
    nameHint: '如：张建国',
    user: '账号',
    userHint: '登录时使用',
    password: '密码',
    passwordHint: '至少 8 个字符',
    again: '再输入一次密码',
    submit: '创建管理员',
    needName: '请输入姓名',
    needUser: '请输入账号',
    needPassword: '请输入至少 8 个字符的密码',
    different: '两次输入的密码不一致',
    same_as_login: '密码不能与账号或姓名相同',
    too_simple: '密码过于简单',
    too_common: '密码过于常见，请换一个',
    noLink: '链接不完整，请使用程序启动时显示的完整链接',
    link: '链接已使用、已过期或无效。重新启动程序可得到新的链接。',
    done: '已经有管理员，此链接不再有效。请直接登录。',
    login: '去登录',
  },
  {
    title: 'Create the first administrator',
    intro: 'This link works once. An administrator builds apps and keeps the organisation and its permissions.',
    name: 'Name',
    nameHint: 'Your full name',
    user: 'User',
    userHint: 'To sign in with',
    password: 'Password',
    passwordHint: 'At least 8 characters',
    again: 'Password again',
    submit: 'Create administrator',
    needName: 'Enter a name',
    needUser: 'Enter a user name',
    needPassword: 'Enter a password of at least 8 characters',
    different: 'The passwords differ',
    same_as_login: 'The password must differ from user and name',
    too_simple: 'This password is too simple',
    too_common: 'This password is too common; choose another',
    noLink: 'The link is incomplete; use the whole link the program printed',
    link: 'The link was used, is over, or never was one. Restart the program for a new one.',
    done: 'There is an administrator already; this link has ended. Sign in instead.',
    login: 'Sign in',
  },
);

const t = createTranslator({ setup });

/** The texts of this page alone: nobody else has to load them. */
export function useSetupTexts() {
  useLang();
  return t;
}
