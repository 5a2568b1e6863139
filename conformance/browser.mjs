// What the suite's own browser does on our pages: its commands, by our ids.
// Every page that may come is a task that is skipped where it does not.

/** Lets the suite keep its own picture of the page, where the module wants one for its reviewer. */
const picture = (css, seconds = 10) => ['wait', 'css', css, seconds, '.*', 'update-image-placeholder-optional'];

/** Pages of ours, or of the suite, at which a way through the browser ends. */
const ENDS = '#submission_complete, #error-title, #signed-out';

/** `configuration.browser` and `configuration.override` of a plan. */
export function browser({ issuer, login, password }) {
  const signIn = (...before) => ({
    task: 'Sign in',
    optional: true,
    match: `${issuer}/sign-in*`,
    commands: [...before, ['text', 'id', 'username', login], ['text', 'id', 'password', password], ['click', 'id', 'login-submit']],
  });
  const consent = (decision, ...before) => ({
    task: 'Consent',
    optional: true,
    match: `${issuer}/consent*`,
    commands: [...before, ['click', 'id', `consent-${decision}`]],
  });
  // A page of ours that sends itself on, or that ends the way.
  const ours = { task: 'Our last page', optional: true, match: `${issuer}/*`, commands: [picture(`${ENDS}, #form-post-continue`)] };
  const end = { task: 'Back at the suite', match: '*/test/*', commands: [['wait', 'css', ENDS, 10]] };
  const authorize = (...tasks) => ({ match: `${issuer}/oauth/authorize*`, tasks });

  const way = (...before) => authorize(signIn(...before), consent('allow'), ours, { ...end, optional: true });
  const through = way();
  const signOut = {
    match: `${issuer}/oauth/end_session*`,
    tasks: [
      {
        task: 'Confirm',
        optional: true,
        match: `${issuer}/*`,
        commands: [['wait', 'css', `${ENDS}, #signing-out, #logout-confirm`, 10], ['click', 'id', 'logout-confirm', 'optional']],
      },
      { task: 'Our last page', optional: true, match: `${issuer}/*`, commands: [picture(`${ENDS}, #signing-out`)] },
      { task: 'Back at the suite', optional: true, match: '*/test/*', commands: [] },
    ],
  };
  const refusing = authorize(signIn(), consent('deny'), { ...end, optional: true });
  // The links of a client stand where it asks for data: seen, the module is over.
  const looking = authorize(signIn(), { task: 'Look', match: `${issuer}/consent*`, commands: [picture('#consent-allow')] });
  const override = {};
  // The first visit looks at the page and goes.
  const visiting = { ...authorize({ task: 'Look', match: `${issuer}/sign-in*`, commands: [['wait', 'id', 'login-submit', 10]] }), 'match-limit': 1 };
  for (const module of SIGNING_IN_AGAIN) override[module] = { browser: [way(picture('#login-submit'))] };
  for (const module of VISITING_TWICE) override[module] = { browser: [visiting, through] };
  for (const module of LOOKING) override[module] = { browser: [looking] };
  for (const module of REFUSING) override[module] = { browser: [refusing] };
  // Frames of both sides talk, and the suite's one leads on.
  const frames = { match: '*/test/*session_verify', tasks: [{ task: 'Frames', commands: [['wait', 'contains', 'session_result', 10]] }] };
  return { browser: [through, signOut, frames], override };
}

const LOOKING = ['oidcc-registration-logo-uri', 'oidcc-registration-policy-uri', 'oidcc-registration-tos-uri'];

/** Modules that want to see that the citizen has to sign in again. */
const SIGNING_IN_AGAIN = ['oidcc-prompt-login', 'oidcc-max-age-1'];

const VISITING_TWICE = ['fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds'];

/** Modules in which the citizen says no. */
export const REFUSING = [
  'fapi2-security-profile-final-user-rejects-authentication',
];
