import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Route, Switch, useParams } from 'wouter';
import { ConfirmHost, Delayed, Empty, Spinner, SurfaceProvider, ToastHost, useMode } from '../kit';
import { useLang, useT } from '../texts';
import { createQueryClient } from './queries';
import { SessionGate } from './session';
import { Boundary } from './shell/boundary';

const LoginPage = lazy(() => import('./login/page'));
const SetupPage = lazy(() => import('./setup/page'));
const PasswordPage = lazy(() => import('./password/page'));
const PhoneShell = lazy(() => import('./shell/phone'));
const DesktopShell = lazy(() => import('./shell/desktop'));
const HomePage = lazy(() => import('./home/page'));
const TasksPage = lazy(() => import('./tasks/page'));
const MePage = lazy(() => import('./me/page'));
const MySection = lazy(() => import('./me/section'));
const StatsPage = lazy(() => import('./stats/page'));
const SecurityPage = lazy(() => import('./me/security'));
const AdminPage = lazy(() => import('./admin/page'));
const ListPage = lazy(() => import('./list/page'));
const FormPage = lazy(() => import('./record/form-page'));
const DetailPage = lazy(() => import('./record/detail-page'));

export function App() {
  const [queries] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <SurfaceProvider>
        <Boundary>
          <Suspense fallback={<Waiting />}>
            <Switch>
              <Route path="/login" component={LoginPage} />
              <Route path="/setup" component={SetupPage} />
              <Route path="/password" component={PasswordPage} />
              <Route>
                <SessionGate>
                  <Pages />
                </SessionGate>
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
        <ToastHost />
        <ConfirmHost />
      </SurfaceProvider>
    </QueryClientProvider>
  );
}

function Waiting() {
  return (
    <Delayed>
      <div className="fw-page-wait">
        <Spinner size={28} />
      </div>
    </Delayed>
  );
}

function Pages() {
  const Shell = useMode() === 'phone' ? PhoneShell : DesktopShell;
  return (
    <Shell>
      <Boundary>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/" component={HomePage} />
            <Route path="/tasks" component={TasksPage} />
            <Route path="/me" component={MePage} />
            <Route path="/me/security" component={SecurityPage} />
            <Route path="/me/:section" component={MySection} />
            <Route path="/admin/:section?" component={AdminPage} />
            <Route path="/f/:form" component={ListPage} />
            <Route path="/f/:form/new">
              <FillPage />
            </Route>
            <Route path="/f/:form/stats" component={StatsPage} />
            <Route path="/f/:form/:id/edit">
              <FillPage />
            </Route>
            <Route path="/f/:form/:id" component={DetailPage} />
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Boundary>
    </Shell>
  );
}

/** A form page of its own for each record: state of one never shows in another. */
function FillPage() {
  const { form = '', id = '' } = useParams<{ form: string; id?: string }>();
  // Another language is another form: what was typed comes back as the draft.
  return <FormPage key={`${form}/${id}/${useLang()}`} form={form} id={id} />;
}

function NotFound() {
  const t = useT();
  return <Empty icon="lock" text={t('ui.gone')} action={<a href="/">{t('ui.goHome')}</a>} />;
}
