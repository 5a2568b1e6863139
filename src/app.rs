//! The application: every room, opened and connected. A server, a command and
//! a test build the same one; only clock, entropy and transports differ.

mod parts;

use parts::{
    detail_types, egress_settings, open_authorities, open_esia, open_mutual_tls, open_registry,
    transports,
};
pub use parts::{open_storage, open_vault};

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::account::documents::{DocumentCheck, LANE};
use crate::account::proofing::RegistryCheck;
use crate::account::proofing::asserted::Attests;
use crate::account::proofing::bank::Banks;
use crate::account::proofing::e_signature::Authorities;
use crate::account::proofing::registry::{REGISTRIES, Registry};
use crate::account::{self, Accounts};
use crate::clock::Clock;
use crate::config::Config;
use crate::consent::Consents;
use crate::egress::Egress;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::esia::Esia;
use crate::model::acr::Assurance;
use crate::model::authentication::Strength;
use crate::model::level::Level;
use crate::notify::push::{Push, PushDelivery, PushTransport};
use crate::notify::{Capture, Channel, Outbox};
use crate::operator::Operators;
use crate::protocol::backchannel::BackchannelLogout;
use crate::protocol::backchannel_ping::{self, BackchannelPing};
use crate::protocol::clients::Clients;
use crate::protocol::key_ring::KeyRing;
use crate::protocol::registration::dynamic::Registrations;
use crate::protocol::shared_signals::push::SignalPush;
use crate::protocol::{Provider, registration};
use crate::storage::Storage;
use crate::vault::Vault;

/// How often sessions are swept, consents that end are announced and ended
/// and used ones written down.
const UPKEEP: Duration = Duration::from_secs(2);
/// How often a node looks whether another process changed clients or keys.
const WATCH: Duration = Duration::from_millis(250);
/// How often expired rows are deleted.
const PURGE: Duration = Duration::from_secs(60);

/// Everything a request needs.
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub entropy: Entropy,
    pub storage: Storage,
    pub vault: Arc<Vault>,
    pub accounts: Arc<Accounts>,
    pub consents: Consents,
    pub operators: Operators,
    pub provider: Arc<Provider>,
    /// ESIA's dialect, where it is spoken.
    pub esia: Option<Arc<Esia>>,
    pub outbox: Arc<Outbox>,
    /// Tells relying parties what happens to accounts.
    pub signals: Arc<SignalPush>,
    /// What we are to push services of browsers, where these may subscribe.
    pub push: Option<Arc<Push>>,
    /// Banks that vouch for their clients.
    pub banks: Banks,
    /// Whose certificates are trusted; none where signatures are not taken.
    pub authorities: Option<Authorities>,
    /// Where personal data are checked.
    pub registry: Arc<dyn Registry>,
    /// Messages kept for the demonstration's page and for tests.
    pub capture: Option<Arc<Capture>>,
}

/// What differs between a server and a test.
pub struct Surroundings {
    pub clock: Clock,
    pub entropy: Entropy,
    /// Keeps messages instead of sending them.
    pub capture: Option<Arc<Capture>>,
    /// Registries instead of those of the configuration.
    pub registry: Option<Arc<dyn Registry>>,
}

impl Surroundings {
    /// The machine's clock and randomness; real transports.
    pub fn real() -> Self {
        Self {
            clock: Clock::System,
            entropy: Entropy::system(),
            capture: None,
            registry: None,
        }
    }
}

impl App {
    /// Opens every room.
    ///
    /// # Errors
    /// When a part of the configuration does not work; the message says which.
    pub async fn open(config: Config, surroundings: Surroundings) -> Result<Arc<Self>> {
        let Surroundings {
            clock,
            entropy,
            capture,
            registry,
        } = surroundings;
        let now = clock.now();
        let storage = open_storage(&config).await?;
        let vault = open_vault(&config, &storage, &entropy).await?;
        let keys = KeyRing::open(&storage, &vault, now).await?;
        let egress_settings = egress_settings(&config)?;
        let egress = Arc::new(Egress::new(egress_settings.clone())?);
        let accounts = Arc::new(Accounts::new(
            storage.clone(),
            vault.clone(),
            entropy.clone(),
            account::settings::Settings {
                session: config.session.clone(),
                password: config.password.clone(),
                limits: config.limits.clone(),
                agreements: config.agreements.clone(),
                photographs: config.photographs.clone(),
                risk: config.risk.clone(),
                second_factor: config.second_factor.clone(),
                push: config.notices.push.clone(),
            },
            &config.issuer,
        )?);
        registration::apply_file(&storage, &vault, config.clients.clone(), now).await?;
        let consents = Consents::new(
            storage.clone(),
            vault.clone(),
            entropy.clone(),
            accounts.clone(),
            &config.issuer,
        );
        let provider = Provider::new(
            &config.issuer,
            config.lifetimes.clone(),
            storage.clone(),
            vault.clone(),
            entropy.clone(),
            accounts.clone(),
            egress.clone(),
            keys,
            Clients::new(storage.clone()),
        );
        let registrations = Registrations::open(&config.registration)?;
        let provider = provider
            .with_registrations(registrations)
            .with_detail_types(detail_types(&config))
            .with_mutual_tls(open_mutual_tls(&config)?);
        let provider = Arc::new(provider);
        let esia = open_esia(&config, &provider, now).await?;
        let authorities = open_authorities(&config)?;
        let banks = Banks::new(
            config.banks.clone(),
            &config.issuer,
            egress.clone(),
            accounts.clone(),
        )?;
        let operators = Operators::new(storage.clone(), accounts.clone());
        let capture = capture.or_else(|| config.demo.then(|| Arc::new(Capture::default())));
        let registry = match registry {
            Some(registry) => registry,
            None => open_registry(&config, &egress_settings, &clock)?,
        };
        let mut outbox = Outbox::new(
            storage.clone(),
            vault.clone(),
            transports(&config, &egress_settings, capture.as_ref())?,
            clock.clone(),
            entropy.clone(),
        )
        .with_handler(
            "backchannel_logout",
            Arc::new(BackchannelLogout {
                provider: provider.clone(),
                clock: clock.clone(),
            }),
        );
        outbox = outbox.with_handler(
            backchannel_ping::CHANNEL,
            Arc::new(BackchannelPing {
                provider: provider.clone(),
            }),
        );
        for row in REGISTRIES {
            let check = RegistryCheck {
                accounts: accounts.clone(),
                registry: registry.clone(),
                clock: clock.clone(),
            };
            outbox = outbox.with_handler(row.channel, Arc::new(check));
        }
        let push = Push::open(&config.notices.push, &storage, &vault).await?;
        let push = push.map(Arc::new);
        if let Some(push) = &push {
            // Only the demonstration keeps them: elsewhere browsers are called.
            let kept = capture.as_ref().filter(|_| config.demo);
            let delivery = PushDelivery {
                push: push.clone(),
                storage: storage.clone(),
                vault: vault.clone(),
                entropy: entropy.clone(),
                clock: clock.clone(),
                transport: match kept {
                    Some(capture) => PushTransport::Capture(capture.clone()),
                    None => PushTransport::Services(egress),
                },
                issuer: config.issuer.clone(),
            };
            outbox = outbox.with_handler(Channel::Push.as_str(), Arc::new(delivery));
        }
        let signals = Arc::new(SignalPush {
            provider: provider.clone(),
            clock: clock.clone(),
        });
        let documents = DocumentCheck {
            accounts: accounts.clone(),
            registry: registry.clone(),
            clock: clock.clone(),
        };
        outbox = outbox.with_handler(LANE, Arc::new(documents));
        Ok(Arc::new(Self {
            config,
            clock,
            entropy,
            storage,
            vault,
            operators,
            push,
            banks,
            authorities,
            accounts,
            consents,
            provider,
            esia,
            outbox: Arc::new(outbox),
            signals,
            registry,
            capture,
        }))
    }

    /// Starts what runs beside requests; it ends when `shutdown` is cancelled.
    pub fn start_background(self: &Arc<Self>, tasks: &TaskTracker, shutdown: &CancellationToken) {
        tasks.spawn(self.outbox.clone().run(shutdown.clone()));
        tasks.spawn(self.signals.clone().run(shutdown.clone()));
        let every = |period: Duration, what: &'static str, job: Job| {
            let app = self.clone();
            let shutdown = shutdown.clone();
            tasks.spawn(async move {
                while !ended_within(&shutdown, period).await {
                    if let Err(error) = job(app.clone()).await {
                        tracing::error!(%error, what, "a background job failed");
                    }
                }
            });
        };
        every(UPKEEP, "upkeep", |app| {
            Box::pin(async move { app.upkeep().await })
        });
        every(PURGE, "purge", |app| {
            Box::pin(async move { app.purge().await })
        });
        let app = self.clone();
        let shutdown = shutdown.clone();
        tasks.spawn(async move { app.watch(shutdown).await });
    }

    /// The most that somebody can reach here on both axes.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn reachable(&self) -> Result<Assurance> {
        Ok(Assurance {
            level: self.highest_level().await?,
            strength: if self.accounts.has_keys() {
                Strength::Aal3
            } else {
                Strength::Aal2
            },
        })
    }

    /// The highest level somebody may rise to here: without anybody to check
    /// data, or to see who holds them, there is no way further up.
    ///
    /// # Errors
    /// When the database is away.
    async fn highest_level(&self) -> Result<Level> {
        let bank = |attests: fn(Attests) -> bool| {
            let mut all = self.banks.all().iter();
            all.any(|bank| attests(bank.attests()))
        };
        if !self.registry.is_there() && !bank(|attests| attests.records) {
            return Ok(Level::Simplified);
        }
        let seen = bank(|attests| attests.holder)
            || self.authorities.is_some()
            || !self.operators.centres().await?.is_empty();
        Ok(if seen {
            Level::Verified
        } else {
            Level::Standard
        })
    }

    /// Ends what timed out, announces consents that end, writes down which
    /// have ended and which were used.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn upkeep(&self) -> Result<()> {
        let now = self.clock.now();
        let accounts = self.accounts.clone();
        // They may be large, and reading them is no work for this thread.
        let read = tokio::task::spawn_blocking(move || accounts.risk().reload());
        let ended = self.storage.end_timed_out(200, now).await?;
        let announced = self.consents.announce_endings(now).await?;
        self.consents.record_lapses(now).await?;
        let lapsed = self.accounts.record_evidence_lapses(now).await?;
        let overdue = self.accounts.expire_photographs(now).await?;
        self.accounts.escalate_support_requests(now).await?;
        let told = self.accounts.announce_recoveries(now).await?;
        let told = self.accounts.look_after_appeals(now).await? || told;
        if !ended.is_empty() || announced || lapsed || overdue || told {
            self.outbox.wake();
        }
        read.await?;
        let used = self.provider.take_used_consents();
        if !used.is_empty() {
            self.storage.touch_consents(used).await?;
        }
        self.provider.write_used_registrations(now).await
    }

    /// Deletes what has expired, a little at a time: others write meanwhile.
    async fn purge(&self) -> Result<()> {
        const PORTION: i64 = 500;
        let now = self.clock.now();
        self.provider.remove_unused_registrations(now).await?;
        self.provider.look_after_streams(now).await?;
        while self.storage.purge(PORTION, self.clock.now()).await? > 0 {}
        while self.storage.purge_erased(PORTION, self.clock.now()).await? > 0 {}
        while self
            .storage
            .erase_photographs(self.clock.now(), PORTION)
            .await?
            > 0
        {}
        while self
            .storage
            .erase_appeals(self.clock.now(), PORTION)
            .await?
            > 0
        {}
        Ok(())
    }

    /// Notices what other processes changed: clients by the command line, keys
    /// by another node.
    async fn watch(&self, shutdown: CancellationToken) {
        let mut clients: Option<i64> = None;
        let mut keys: Option<Vec<_>> = None;
        while !ended_within(&shutdown, WATCH).await {
            let seen = self.storage.outside_changes().await.ok();
            if seen != clients {
                self.storage.note_change();
                clients = seen;
            }
            let Ok(records) = self.storage.signing_keys().await else {
                continue;
            };
            let seen: Vec<_> = records
                .into_iter()
                .map(|key| (key.kid, key.retired_at))
                .collect();
            if keys.as_ref() != Some(&seen) {
                match self.reload_keys().await {
                    Ok(()) => {
                        self.storage.note_change();
                        keys = Some(seen);
                    }
                    Err(error) => tracing::error!(%error, "signing keys cannot be read"),
                }
            }
        }
    }
}

impl App {
    /// Reads our keys again, those of every dialect.
    async fn reload_keys(&self) -> Result<()> {
        let (storage, vault) = (&self.storage, &self.vault);
        self.provider.keys.reload(storage, vault).await?;
        match &self.esia {
            Some(esia) => esia.keys.reload(storage, vault).await,
            None => Ok(()),
        }
    }
}

type Job = fn(Arc<App>) -> futures_util::future::BoxFuture<'static, Result<()>>;

async fn ended_within(shutdown: &CancellationToken, period: Duration) -> bool {
    tokio::time::timeout(period, shutdown.cancelled())
        .await
        .is_ok()
}
