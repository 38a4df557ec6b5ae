import { area } from '../translator';

export const login = area({
  user: '账号',
  password: '密码',
  userPlaceholder: '请输入账号',
  passwordPlaceholder: '请输入密码',
  submit: '登录',
  submitting: '登录中…',
  logout: '退出登录',
  logoutConfirm: '确定退出登录吗？',
  expired: '登录已过期，请重新登录',
  showPassword: '显示密码',
  hidePassword: '隐藏密码',
  slogan: '表单、流程、报表，一处搭建',
});
