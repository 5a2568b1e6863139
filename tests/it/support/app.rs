//! The production application on a loopback port, with a clock that the test
//! moves, seeded entropy and messages kept in memory. A test ends with
//! [`TestApp::end`], which looks for what was left over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use propusk::account::proofing::registry::Simulated;
use propusk::app::{App, Surroundings};
use propusk::clock::Clock;
use propusk::config::Config;
use propusk::entropy::Entropy;
use propusk::model::timestamp::Timestamp;
use propusk::notify::{Capture, Captured};
use propusk::web;
use propusk::web::listen::{self, ListenSettings};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::layer::SubscriberExt as _;

use super::Browser;
use super::database::TestDatabase;

/// The moment every test begins at: 24 March 2026, 12:00 in Moscow.
pub const START: Timestamp = Timestamp::from_seconds(1_774_342_800);

/// Stands for an issuer that is `localhost` with the app's port.
pub const BY_NAME: &str = "by name";
/// The password of the people in tests, who are the demo citizens.
pub const PASSWORD: &str = propusk::account::demo::DEMO_PASSWORD;
/// Three of them, by phone; every field of theirs is filled in.
pub const ANNA: &str = "+79005550101";
pub const TIMUR: &str = "+79005550102";
pub const THIRD: &str = "+79005550103";

/// The running application.
pub struct TestApp {
    pub app: Arc<App>,
    pub url: String,
    pub clock: Clock,
    pub capture: Arc<Capture>,
    /// The simulated registries, for scripts of failures.
    pub registry: Arc<Simulated>,
    pub database: Arc<TestDatabase>,
    config: Value,
    errors: Arc<AtomicUsize>,
    reasons: Arc<Mutex<Vec<String>>>,
    expected_errors: AtomicUsize,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    _log: tracing::subscriber::DefaultGuard,
    ended: bool,
}

/// Counts lines of level ERROR: each is an internal error a test did not want.
struct CountErrors(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for CountErrors {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if *event.metadata().level() == tracing::Level::ERROR {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Keeps the field `reason` of warnings: what a page does not tell.
struct KeepReasons(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for KeepReasons {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        struct Reason<'a>(&'a KeepReasons);
        impl tracing::field::Visit for Reason<'_> {
            fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
                if field.name() == "reason" {
                    self.0.0.lock().unwrap().push(value.to_owned());
                }
            }

            fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
        }
        if *event.metadata().level() == tracing::Level::WARN {
            event.record(&mut Reason(self));
        }
    }
}

impl TestApp {
    /// The application with the usual clients.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// The same with a changed configuration.
    pub async fn start_with(change: impl FnOnce(&mut Value)) -> Self {
        Self::start_at(Clock::manual(START), change).await
    }

    /// The same under the name `localhost`: keys are bound to a host name.
    pub async fn start_named() -> Self {
        Self::start_with(|config| config["issuer"] = json!(BY_NAME)).await
    }

    /// The same with the machine's clock: for programs that look at their own.
    pub async fn start_in_real_time(change: impl FnOnce(&mut Value)) -> Self {
        Self::start_at(Clock::System, change).await
    }

    async fn start_at(clock: Clock, change: impl FnOnce(&mut Value)) -> Self {
        let database = Arc::new(TestDatabase::migrated().await);
        let mut config = json!({
            "database": { "url": database.url, "connections": 5 },
            "keys": { "directory": database.folder.join("keys") },
            "egress": { "allow_private": ["127.0.0.0/8"] },
            "password": { "hashing": { "memory_kib": 8, "passes": 1, "threads": 2 } },
            "clients": super::relying_party::clients(),
        });
        change(&mut config);
        let app = Self::open(database, config, clock, b"propusk").await;
        app.app.accounts.seed_demo(app.now()).await.unwrap();
        app
    }

    /// Another node on the same database, with the same clock. It has an
    /// address of its own but the first node's issuer.
    pub async fn another_node(&self) -> Self {
        let mut config = self.config.clone();
        config["issuer"] = json!(self.url);
        Self::open(
            self.database.clone(),
            config,
            self.clock.clone(),
            b"another node",
        )
        .await
    }

    async fn open(
        database: Arc<TestDatabase>,
        mut config: Value,
        clock: Clock,
        seed: &[u8],
    ) -> Self {
        let errors = Arc::new(AtomicUsize::new(0));
        let reasons = Arc::new(Mutex::default());
        let log = tracing_subscriber::registry()
            .with(CountErrors(errors.clone()))
            .with(KeepReasons(Arc::clone(&reasons)))
            .with(
                tracing_subscriber::fmt::layer()
                    .with_test_writer()
                    .with_filter_from_env(),
            );
        let log = tracing::subscriber::set_default(log);
        let bound = listen::bind(ListenSettings::new(([127, 0, 0, 1], 0).into()))
            .await
            .unwrap();
        let address = bound.local_addr();
        let mut url = format!("http://{address}");
        if config["issuer"] == BY_NAME {
            url = format!("http://localhost:{}", address.port());
            config["issuer"] = json!(url);
        }
        if config.get("issuer").is_none() {
            config["issuer"] = json!(url);
        }
        let parsed: Config = serde_json::from_value(config.clone()).unwrap();
        parsed.check().unwrap();
        let capture = Arc::new(Capture::default());
        let registry = Arc::new(Simulated::default());
        let surroundings = Surroundings {
            clock: clock.clone(),
            entropy: Entropy::seeded(seed),
            // Where a test names a gateway, messages go there.
            registry: config["registry"].is_null().then(|| registry.clone() as _),
            capture: (config["smtp"].is_null() && config["sms"].is_null()).then(|| capture.clone()),
        };
        let app = App::open(parsed, surroundings).await.unwrap();
        let shutdown = CancellationToken::new();
        let tasks = TaskTracker::new();
        app.start_background(&tasks, &shutdown);
        let stop = shutdown.clone();
        let router = web::router(app.clone());
        tasks.spawn(async move {
            bound
                .serve(router, async move { stop.cancelled().await })
                .await
                .unwrap();
        });
        Self {
            app,
            url,
            clock,
            capture,
            registry,
            database,
            config,
            errors,
            reasons,
            expected_errors: AtomicUsize::new(0),
            shutdown,
            tasks,
            _log: log,
            ended: false,
        }
    }

    /// Moves the clock. What is due now is sent before: it may have no time
    /// left afterwards.
    pub async fn advance(&self, seconds: u64) {
        self.deliver().await;
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The present moment of the test's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// An address on this server.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Sends every message that is due and waits until it has arrived, as long
    /// as ten seconds for those that the server itself has begun to send.
    pub async fn deliver(&self) {
        for _ in 0..200 {
            self.app.outbox.drain_once(self.now()).await.unwrap();
            let (_, next_try) = self.app.storage.outbox_waiting().await.unwrap();
            if next_try.is_none_or(|at| at > self.now()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The last message to a recipient, once it has arrived.
    pub async fn last_message(&self, recipient: &str) -> Captured {
        self.deliver().await;
        self.capture
            .last_to(recipient)
            .unwrap_or_else(|| panic!("nothing was sent to {recipient}"))
    }

    /// The newest code sent to a recipient; notices that left beside it are
    /// passed over.
    pub async fn last_code(&self, recipient: &str) -> String {
        self.deliver().await;
        self.capture
            .messages()
            .into_iter()
            .find_map(|m| m.code.filter(|_| m.recipient == recipient))
            .unwrap_or_else(|| panic!("no code was sent to {recipient}"))
    }

    /// The reasons of refusals so far, from the log.
    pub fn reasons(&self) -> Vec<String> {
        self.reasons.lock().unwrap().clone()
    }

    /// Does what the server does by itself every few seconds.
    pub async fn upkeep(&self) {
        self.app.upkeep().await.unwrap();
    }

    /// Says that the test provokes this many internal errors.
    pub fn expect_errors(&self, count: usize) {
        self.expected_errors.store(count, Ordering::SeqCst);
    }

    /// Stops this node and leaves the database.
    pub async fn stop(mut self) {
        self.finish().await;
    }

    /// Ends the test: no message may be left over, and no internal error may
    /// have been logged unless it was expected.
    pub async fn end(mut self) {
        self.deliver().await;
        let (waiting, _) = self.app.storage.outbox_waiting().await.unwrap();
        self.finish().await;
        self.database.delete().await;
        assert_eq!(waiting, 0, "messages were left in the outbox");
        assert_eq!(
            self.errors.load(Ordering::SeqCst),
            self.expected_errors.load(Ordering::SeqCst),
            "internal errors were logged"
        );
    }

    async fn finish(&mut self) {
        self.shutdown.cancel();
        self.tasks.close();
        tokio::time::timeout(Duration::from_secs(20), self.tasks.wait())
            .await
            .expect("the server stops");
        self.app.storage.close().await;
        self.ended = true;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.ended, "a test ends with end() or stop()");
        }
    }
}

/// Log lines of a failing test, as `RUST_LOG` says.
trait WithFilterFromEnv<S>: Sized {
    fn with_filter_from_env(self) -> Box<dyn tracing_subscriber::Layer<S> + Send + Sync>;
}

impl<S, L> WithFilterFromEnv<S> for L
where
    L: tracing_subscriber::Layer<S> + Send + Sync + 'static,
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fn with_filter_from_env(self) -> Box<dyn tracing_subscriber::Layer<S> + Send + Sync> {
        let filter = tracing_subscriber::EnvFilter::try_from_default_env()
            .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
        Box::new(self.with_filter(filter))
    }
}
