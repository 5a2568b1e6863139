//! Everything persistent. One method is one atomic step.
//!
//! Queries are written once, in `sql/`, against the dialect both databases
//! share, and compiled twice: `sqlite.rs` and `postgres.rs` each define `Conn`
//! and `query` and include `sql/` by path. That keeps native drivers (rusqlite,
//! which runs a query where it is asked for, and sqlx, which waits for a
//! server), no second copy of a query to forget, and one test suite for both.
//! This file is the contract: an enum over the two and one line for each
//! operation.
//!
//! `read` operations take a reader's connection. `write` operations run in a
//! transaction; on SQLite many waiting ones are committed together and may be
//! run twice, so they take owned arguments and have no effect but on the
//! database. `change` operations are writes that caches must notice.

#[path = "."]
mod compiled {
    pub mod postgres;
    #[expect(clippy::duplicate_mod, reason = "one SQL, compiled for two databases")]
    pub mod sqlite;
}
mod cache;
mod record;
mod schema;
mod stored;

use std::collections::HashMap;
use std::sync::atomic::Ordering;

pub use cache::Cached;
pub use record::*;

use crate::error::{Internal, Result};
use crate::model::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};
use crate::model::level::Level;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use compiled::{postgres, sqlite};

/// An open database.
#[derive(Clone)]
pub enum Storage {
    /// Embedded: the default, for one node.
    Sqlite(sqlite::Store),
    /// A server shared by several nodes.
    Postgres(postgres::Store),
}

impl Storage {
    /// Opens the database at `url` (`sqlite://…` or `postgres://…`) without
    /// touching its schema.
    ///
    /// # Errors
    /// When the scheme is unknown or the database does not open.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite(sqlite::Store::open(url)?))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres(
                postgres::Store::open(url, connections).await?,
            ))
        } else {
            Err(Internal::new(
                "database.url must begin with sqlite:// or postgres://",
            ))
        }
    }

    /// Whether other nodes may write to the same database.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Counts changes that caches must notice. None where other nodes change
    /// the database too: nothing may be cached there.
    pub fn generation(&self) -> Option<u64> {
        match self {
            Self::Sqlite(store) => Some(store.generation.load(Ordering::SeqCst)),
            Self::Postgres(_) => None,
        }
    }

    /// Makes every cached value stale: another process changed the database.
    pub fn note_change(&self) {
        if let Self::Sqlite(store) = self {
            store.generation.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Claims an embedded database for this process, as long as the claim is
    /// held; a shared one is everybody's.
    ///
    /// # Errors
    /// When another process serves it.
    pub fn claim(&self) -> Result<Option<std::fs::File>> {
        match self {
            Self::Sqlite(store) => store.claim().map(Some),
            Self::Postgres(_) => Ok(None),
        }
    }

    /// Applies missing migrations.
    ///
    /// # Errors
    /// When one fails, or the schema is newer than this program.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite(store) => schema::migrate_sqlite(&mut store.migrating()?),
            Self::Postgres(store) => schema::migrate_postgres(&mut *store.reader().await?).await,
        }
    }

    /// Refuses a schema this program does not know.
    ///
    /// # Errors
    /// When the schema is older or newer, or the database is away.
    pub async fn check_schema(&self) -> Result<()> {
        schema::check(&self.applied_migrations().await?)
    }

    /// Lets the database go.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close(),
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// Writes the contract: for each line, a method that hands the operation to
/// the database in use.
macro_rules! operations {
    ($($(#[$doc:meta])* $mode:ident $room:ident::$name:ident($($arg:ident: $ty:ty),*) -> $out:ty;)*) => {
        impl Storage {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// When the database is away or refuses.
            pub async fn $name(&self, $($arg: $ty),*) -> Result<$out> {
                operations!(@$mode self, $room, $name, $($arg),*)
            }
        )*}
    };
    (@read $self:ident, $room:ident, $name:ident, $($arg:ident),*) => {
        match $self {
            Storage::Sqlite(store) => {
                let mut connection = store.reader()?;
                Ok(sqlite::sql::$room::$name(&mut connection, $($arg),*).await?)
            }
            // Boxed: it is ten kilobytes, which every future around it would
            // carry along, on SQLite too.
            Storage::Postgres(store) => Box::pin(async {
                let mut connection = store.reader().await?;
                Ok(postgres::sql::$room::$name(&mut connection, $($arg),*).await?)
            }).await
        }
    };
    (@change $self:ident, $room:ident, $name:ident, $($arg:ident),*) => {
        operations!(@noted cache::Changed::changed, $self, $room, $name, $($arg),*)
    };
    (@write $self:ident, $room:ident, $name:ident, $($arg:ident),*) => {
        operations!(@noted |_| false, $self, $room, $name, $($arg),*)
    };
    (@noted $changed:expr, $self:ident, $room:ident, $name:ident, $($arg:ident),*) => {
        match $self {
            Storage::Sqlite(store) => {
                store.write(move |connection| {
                    $(let $arg = $arg.clone();)*
                    Box::pin(async move { sqlite::sql::$room::$name(connection, $($arg),*).await })
                }, $changed).await
            }
            Storage::Postgres(store) => {
                Box::pin(store.write(move |connection| {
                    $(let $arg = $arg.clone();)*
                    Box::pin(async move { postgres::sql::$room::$name(connection, $($arg),*).await })
                })).await
            }
        }
    };
}

operations! {
    /// Versions of the migrations that were applied.
    read upkeep::applied_migrations() -> Vec<i64>;
    /// Answers when the database does: for readiness.
    read upkeep::ping() -> ();
    /// Says to a running server that a command changed something else than
    /// clients and keys.
    write upkeep::mark_change() -> ();
    /// Deletes what has expired, at most `limit` of each kind: tickets, closed
    /// throttle windows, sent messages, devices, closed requests to support,
    /// removed factors and replaced contacts that nobody wanted back, recoveries, applications; letters that were printed and
    /// never posted wait again. Gives how many there were.
    write upkeep::purge(limit: i64, now: Timestamp) -> u64;

    /// A root secret, sealed by the vault's master key.
    read keys::find_secret(name: &str) -> Option<String>;
    /// Stores a root secret unless there is one; gives the one that stands.
    write keys::put_secret_once(name: String, sealed: String) -> String;
    /// Every signing key, retired ones included, oldest first.
    read keys::signing_keys() -> Vec<SigningKeyRecord>;
    /// Adds a signing key.
    change keys::put_signing_key(key: SigningKeyRecord) -> ();
    /// Lets a signing key sign from now on; false when it does already, or never will.
    change keys::hurry_signing_key(kid: String, now: Timestamp) -> bool;
    /// Withdraws a signing key; false when there is none or it was withdrawn.
    change keys::retire_signing_key(kid: String, now: Timestamp) -> bool;

    /// A relying party, disabled or not.
    read clients::find_client(id: &ClientId) -> Option<ClientRecord>;
    /// Every relying party by id.
    read clients::clients() -> Vec<ClientRecord>;
    /// Differs after any change of any client, and after others that commands
    /// made.
    read clients::outside_changes() -> i64;
    /// Adds a relying party or replaces its metadata; unchanged metadata
    /// changes nothing.
    change clients::put_client(client: ClientRecord) -> ();
    /// Switches a relying party off (or on again) and, when off, revokes its grants.
    change clients::disable_client(id: ClientId, disabled: bool, now: Timestamp) -> bool;
    /// Adds a relying party that registers itself, and counts the use of the
    /// token that it does so with.
    write registrations::register_client(new: NewRegistration, now: Timestamp) -> SelfRegistered;
    /// The registration of a client that registered itself, unless it is
    /// switched off or has been taken over.
    read registrations::find_registration(id: &ClientId) -> Option<RegistrationRecord>;
    /// Replaces its metadata; false when the token is not its own or another
    /// change came before.
    change registrations::replace_registration(id: ClientId, token: Digest, read: i64, metadata: String, now: Timestamp) -> bool;
    /// Switches it off for good and leaves this of its metadata; false when the
    /// token is not its own.
    change registrations::remove_registration(id: ClientId, token: Digest, metadata: String, now: Timestamp) -> bool;
    /// Clients that registered themselves before this and were never used.
    read registrations::unused_registrations(before: Timestamp, limit: i64) -> Vec<ClientId>;
    /// Switches one of them off for good; false when it was used meanwhile.
    change registrations::remove_unused_registration(id: ClientId, before: Timestamp, metadata: String, now: Timestamp) -> bool;
    /// Writes down that these were used, each once.
    write registrations::use_registrations(ids: Vec<ClientId>, now: Timestamp) -> ();

    /// An account by id.
    read accounts::find_account(id: &AccountId) -> Option<AccountRecord>;
    /// Who has this contact: the confirmed owner first, then who declared it first.
    read accounts::find_by_contact(kind: &str, blind_index: &str) -> Option<AccountId>;
    /// The contacts of an account.
    read accounts::contacts_of(account: &AccountId) -> Vec<ContactRecord>;
    /// Creates an account with its contact, agreements and password, unless
    /// the contact has been confirmed for another.
    write accounts::register_account(new: NewAccount) -> Registered;
    /// Creates many accounts at once, for load tests.
    write accounts::load_accounts(new: std::sync::Arc<Vec<LoadedAccount>>) -> ();
    /// Replaces the profile and the declared contacts, unless the account was
    /// changed since it was read.
    change accounts::put_profile(account: AccountId, profile_sealed: String, declared: Vec<ContactRecord>, read_at: Timestamp, now: Timestamp, effects: Effects) -> bool;
    /// Adds or replaces a confirmed contact, unless it is another account's.
    change accounts::confirm_contact(contact: ContactRecord, now: Timestamp, effects: Effects) -> Registered;
    /// Versions of documents the citizen has accepted.
    read accounts::agreements_of(account: &AccountId) -> Vec<AgreementRecord>;
    /// Records accepted documents.
    change accounts::accept_agreements(account: AccountId, agreements: Vec<AgreementRecord>, effects: Effects) -> ();
    /// Replaces how an account's owner wants to be told of what.
    change accounts::put_notice_settings(account: AccountId, sealed: String, effects: Effects) -> ();
    /// Blocks an account, which ends its sessions with all that came of them,
    /// or lifts the block.
    change accounts::block_account(account: AccountId, blocked_at: Option<Timestamp>, now: Timestamp) -> ();
    /// Deletes an account: its key and all that was sealed with it, sessions,
    /// tokens and consents; the sites are told. An operator's is refused.
    change erasure::erase_account(erasure: Erasure, now: Timestamp) -> Erased;
    /// Deletes what steps that were under way have written for accounts that
    /// were deleted lately, and the rest of at most `limit` accounts that need
    /// not be kept any longer; gives how many these were.
    write erasure::purge_erased(limit: i64, now: Timestamp) -> u64;

    /// Subscribes a browser to notices in place of what it had before, unless the
    /// account then had more than `most`, or the address is another account's.
    write push::subscribe_push(new: PushSubscriptionRecord, most: i64, effects: Effects) -> PushSubscribed;
    /// The browsers that an account's notices are shown in, oldest first.
    read push::push_subscriptions(account: &AccountId) -> Vec<PushSubscriptionRecord>;
    /// One of them.
    read push::find_push_subscription(account: &AccountId, id: &str) -> Option<PushSubscriptionRecord>;
    /// Takes one of them out at its owner's wish; false when there is none.
    write push::remove_push_subscription(account: AccountId, id: String, effects: Effects) -> bool;
    /// Takes one out whose push service says that it is gone.
    write push::forget_push_subscription(account: AccountId, id: String) -> bool;

    /// Closes what is under way and sends other data to these registries; the
    /// same data are not sent twice, unless the first time was before `stale_before`.
    write proofing::submit_data(submission: SubmissionRecord, registries: Vec<String>, stale_before: Timestamp, effects: Effects) -> Submitted;
    /// What an account sent last.
    read proofing::newest_submission(account: &AccountId) -> Option<SubmissionRecord>;
    /// A submission by id.
    read proofing::find_submission(id: &str) -> Option<SubmissionRecord>;
    /// How the registries stand to a submission.
    read proofing::checks_of(submission: &str) -> Vec<CheckRecord>;
    /// Notes that a registry is being asked; false when it has answered.
    write proofing::start_check(submission: String, registry: String, now: Timestamp) -> bool;
    /// Notes that a registry did not answer and will be asked again.
    write proofing::pause_check(submission: String, registry: String) -> ();
    /// Notes what a registry answered: the attributes that do not match.
    write proofing::answer_check(submission: String, registry: String, mismatch: String, now: Timestamp) -> ();
    /// Closes a submission once; a match puts the data and the SNILS in their
    /// place and adds the evidence.
    change proofing::complete_submission(id: String, completion: Completion, now: Timestamp) -> Completed;
    /// Takes all evidence of an account back and lets its SNILS go.
    change proofing::withdraw_evidence(account: AccountId, now: Timestamp, effects: Effects) -> ();
    /// All evidence of an account, oldest first.
    read proofing::evidence_of(account: &AccountId) -> Vec<EvidenceRecord>;
    /// Evidence whose time is over and whose lapse has not been recorded.
    read proofing::lapsed_evidence(now: Timestamp, limit: i64) -> Vec<EvidenceRecord>;
    /// Records once that evidence has lapsed; false when it was recorded before.
    write proofing::record_evidence_lapse(id: String, now: Timestamp, effects: Effects) -> bool;

    /// Adds a service centre or replaces what is known of it.
    write centres::put_centre(centre: CentreRecord) -> ();
    /// Every service centre, by name.
    read centres::centres() -> Vec<CentreRecord>;
    /// Gives an account a task at a centre, or changes it.
    write centres::put_operator(operator: OperatorRecord) -> ();
    /// The task of an account.
    read centres::find_operator(account: &AccountId) -> Option<OperatorRecord>;
    /// Every account with a task.
    read centres::operators() -> Vec<OperatorRecord>;
    /// Takes a number for a visit; false when one is open or the number is taken.
    write centres::open_visit(visit: VisitRecord, effects: Effects) -> bool;
    /// What a citizen asked for last.
    read centres::newest_visit(account: &AccountId) -> Option<VisitRecord>;
    /// The open visit of this number.
    read centres::find_visit(number: &str, now: Timestamp) -> Option<VisitRecord>;
    /// Decides about a visit once, with evidence, audit and lines, for the
    /// account as it was judged.
    change centres::decide_visit(number: String, decision: VisitDecision, now: Timestamp) -> Completed;
    /// Writes a line of the audit, and what the citizen sees of it.
    write centres::record_audit(audit: AuditRecord, effects: Effects) -> ();
    /// What an operator did last, newest first.
    read centres::audit_of(operator: &AccountId, limit: i64) -> Vec<AuditRecord>;

    /// Proposes, once, that data which registries did not confirm be taken: ends
    /// the visit they were brought along to.
    write overrides::propose_override(proposal: OverrideRecord, audit: AuditRecord, effects: Effects) -> Completed;
    /// The open proposal of this number.
    read overrides::find_override(number: &str, now: Timestamp) -> Option<OverrideRecord>;
    /// What was last proposed about an account, decided or not.
    read overrides::newest_override(account: &AccountId) -> Option<OverrideRecord>;
    /// Proposals that wait for somebody else than their proposer, oldest first,
    /// but for those about this operator.
    read overrides::overrides_waiting(operator: &AccountId, now: Timestamp, limit: i64) -> Vec<OverrideRecord>;
    /// How many those are.
    read overrides::count_overrides(operator: &AccountId, now: Timestamp) -> i64;
    /// Decides about a proposal once: never the proposer, never about
    /// themselves, and both at work in that moment.
    change overrides::decide_override(number: String, decision: OverrideDecision, now: Timestamp) -> Completed;

    /// The newest code of an account from this source, open or not.
    read proof_codes::newest_proof_code(account: &AccountId, source: &str) -> Option<ProofCodeRecord>;
    /// Tries a code: the right one is redeemed once, with the evidence it is
    /// worth; a wrong one is counted and closes it in the end.
    change proof_codes::try_proof_code(attempt: CodeAttempt, now: Timestamp) -> CodeTried;

    /// Orders a letter; false when one is under way, the number is taken, or the
    /// account was changed since it was read.
    write letters::order_letter(letter: LetterRecord, read_at: Timestamp, effects: Effects) -> bool;
    /// The letter an account ordered last.
    read letters::newest_letter(account: &AccountId) -> Option<LetterRecord>;
    /// A letter by its number.
    read letters::find_letter(number: &str) -> Option<LetterRecord>;
    /// Letters that wait to be printed, oldest first, but for this account's own.
    read letters::waiting_letters(but_of: &AccountId, limit: i64) -> Vec<LetterRecord>;
    /// Puts a letter that waits into a batch with its code; false when it is in one.
    write letters::print_letter(print: LetterPrint, now: Timestamp) -> bool;
    /// The letters of a batch printed at a centre, in the order they were
    /// ordered, but for this account's own.
    read letters::letters_of_batch(batch: &str, centre: &str, but_of: &AccountId) -> Vec<LetterRecord>;
    /// Batches of a centre that have letters to be posted, oldest first; this
    /// account's own letters do not count.
    read letters::open_batches(centre: &str, but_of: &AccountId) -> Vec<String>;
    /// Notes that a printed letter was posted; its code works from now on, in
    /// place of any earlier one. False when it was posted before.
    write letters::post_letter(post: LetterPost, now: Timestamp) -> bool;
    /// Notes that the post returned a letter: its code works no more. False
    /// when it is not on its way.
    write letters::return_letter(number: String, audit: AuditRecord, effects: Effects, now: Timestamp) -> bool;
    /// Adds a second factor, unless its kind or its credential is there already
    /// or the account is blocked; devices are trusted no more.
    change factors::add_factor(new: FactorRecord, effects: Effects) -> bool;
    /// The second factors of an account, the preferred one first.
    read factors::factors_of(account: &AccountId) -> Vec<FactorRecord>;
    /// Notes that a factor was used; false when this step or a later one was
    /// used before.
    write factors::use_factor(id: String, step: Option<i64>, sealed: Option<String>, now: Timestamp) -> bool;
    /// Gives a factor of an account another name.
    write factors::rename_factor(id: String, account: AccountId, sealed: String) -> bool;
    /// Makes a factor the first that is asked for.
    write factors::prefer_factor(id: String, account: AccountId, now: Timestamp) -> bool;
    /// Takes a factor away, with the backup codes if it was the last; devices
    /// are trusted no more. It is kept aside while it may have to come back.
    change factors::remove_factor(id: String, account: AccountId, now: Timestamp, effects: Effects) -> bool;
    /// Replaces the backup codes of an account that has a second factor.
    write factors::put_backup_codes(account: AccountId, digests: Vec<Digest>, now: Timestamp, effects: Effects) -> bool;
    /// How many backup codes are left.
    read factors::backup_codes_left(account: &AccountId) -> i64;
    /// Spends a backup code.
    write factors::use_backup_code(account: AccountId, digest: Digest, now: Timestamp) -> bool;
    /// The key with this credential.
    read factors::find_key(credential: &str) -> Option<FactorRecord>;
    /// Until when a device of an account is not asked for a second factor.
    read factors::trusted_until(device: &Digest, account: &AccountId) -> Option<Timestamp>;
    /// Adds a proof to a session that is as it was read, and changes its secret.
    change factors::strengthen_session(new: Strengthened, now: Timestamp) -> bool;

    /// Blocks an account at its owner's wish, as by [`Self::block_account`];
    /// false when it is blocked.
    change freezes::freeze(account: AccountId, now: Timestamp, effects: Effects) -> bool;
    /// Since when an account is blocked at its owner's wish.
    read freezes::frozen_at(account: &AccountId) -> Option<Timestamp>;
    /// Lifts the block that its owner wished for, spending the ticket of the
    /// proof, by kind and digest.
    change freezes::unfreeze(account: AccountId, ticket: (&'static str, Digest), now: Timestamp, effects: Effects) -> bool;

    /// Every recovery of an account, newest first.
    read recoveries::recoveries_of(account: &AccountId) -> Vec<RecoveryRecord>;
    /// The recovery of an account that was begun last, whatever became of it.
    read recoveries::newest_recovery(account: &AccountId) -> Option<RecoveryRecord>;
    /// A recovery by id.
    read recoveries::find_recovery(id: &str) -> Option<RecoveryRecord>;
    /// Begins to wait for a recovery, if the ticket is good, which stays so;
    /// false when one is under way or the account is blocked.
    write recoveries::begin_recovery(new: RecoveryRecord, ticket: (&'static str, Digest), effects: Effects) -> bool;
    /// Recoveries under way whose owners were told before `before` for the last time.
    read recoveries::recoveries_to_tell(before: Timestamp, now: Timestamp, limit: i64) -> Vec<RecoveryRecord>;
    /// Tells of a recovery once more; false when somebody has since `told_at`,
    /// or it is under way no longer.
    write recoveries::announce_recovery(id: String, told_at: Timestamp, now: Timestamp, effects: Effects) -> bool;
    /// Cancels a recovery that is under way, with every step begun by codes;
    /// false when there is none.
    write recoveries::cancel_recovery(id: String, account: AccountId, now: Timestamp, effects: Effects) -> bool;
    /// Sets a password without the one before, as by [`Self::set_password`], if
    /// the ticket is good and the account as it was judged; after a waiting time
    /// its second factors are gone.
    change recoveries::finish_recovery(new: Recovered, now: Timestamp) -> bool;

    /// Keeps an application of who has lost every contact, with its photographs,
    /// spending the ticket; false when that is spent or the number is taken.
    write appeals::open_appeal(new: AppealRecord, files: Vec<StoredFile>, ticket: (&'static str, Digest), effects: Effects) -> bool;
    /// An application by its number.
    read appeals::find_appeal(number: &str) -> Option<AppealRecord>;
    /// The applications about an account, newest first.
    read appeals::appeals_of(account: &AccountId) -> Vec<AppealRecord>;
    /// Applications to be decided, oldest first, but for those about this account.
    read appeals::appeal_queue(but_of: &AccountId, now: Timestamp, limit: i64) -> Vec<AppealRecord>;
    /// Gives the operator of the audit's line an application until `until`; false
    /// when another has it, they proposed it, or it is about themselves.
    write appeals::claim_appeal(number: String, until: Timestamp, audit: AuditRecord, effects: Effects) -> bool;
    /// An application that this operator holds now.
    read appeals::claimed_appeal(number: &str, operator: &AccountId, now: Timestamp) -> Option<AppealRecord>;
    /// Lets an application go that an operator holds; false when they do not.
    write appeals::release_appeal(number: String, operator: AccountId, now: Timestamp) -> bool;
    /// Id and kind of the photographs of an application.
    read appeals::appeal_files(number: &str) -> Vec<(String, String)>;
    /// A photograph with its content, only of this application.
    read appeals::find_appeal_file(number: &str, id: &str) -> Option<StoredFile>;
    /// Proposes, confirms or refuses once, for who holds the application: two
    /// people confirm, of whom neither is its subject.
    write appeals::decide_appeal(decision: AppealDecision, now: Timestamp) -> Completed;
    /// Cancels an application that is under way; false when it is not.
    write appeals::cancel_appeal(number: String, account: AccountId, erase_at: Timestamp, now: Timestamp, effects: Effects) -> bool;
    /// Confirmed applications whose owners were told before `before` for the last time.
    read appeals::appeals_to_tell(before: Timestamp, now: Timestamp, limit: i64) -> Vec<AppealRecord>;
    /// Tells of an application once more; false when somebody has since `told_at`.
    write appeals::announce_appeal(number: String, told_at: Timestamp, now: Timestamp, effects: Effects) -> bool;
    /// Confirmed applications whose waiting time is over and whose link has not left.
    read appeals::appeals_to_open(now: Timestamp, limit: i64) -> Vec<AppealRecord>;
    /// Sends the link that sets a password, once.
    write appeals::let_appeal_in(number: String, now: Timestamp, effects: Effects) -> bool;
    /// Sets a password and a contact in the place of all others, by the link: as by
    /// [`Self::set_password`], and second factors go if operators agreed so.
    change appeals::finish_appeal(new: AppealFinish, now: Timestamp) -> AppealEnded;
    /// Applications nobody decided or finished in time.
    read appeals::overdue_appeals(now: Timestamp, limit: i64) -> Vec<AppealRecord>;
    /// Closes one of these; false when it was closed before.
    write appeals::expire_appeal(number: String, now: Timestamp, effects: Effects) -> bool;
    /// Destroys photographs that were kept long enough, and what was typed in
    /// applications that are over; at most `limit` of each.
    write appeals::erase_appeals(now: Timestamp, limit: i64) -> u64;

    /// Asks somebody, or nobody, to vouch for an account one day; false when
    /// somebody was chosen already.
    write trusted::invite_trusted(new: TrustedRecord, effects: Effects) -> bool;
    /// Everybody an account has ever chosen to vouch for it, newest first.
    read trusted::trust_of(account: &AccountId) -> Vec<TrustedRecord>;
    /// Who was chosen to vouch for an account, confirmed or not yet.
    read trusted::trusted_of(account: &AccountId, now: Timestamp) -> Option<TrustedRecord>;
    /// Whom an account is to vouch for, confirmed or not yet.
    read trusted::trusting(contact: &AccountId, now: Timestamp) -> Vec<TrustedRecord>;
    /// Accepts an invitation, unless `most` were accepted before.
    write trusted::confirm_trusted(id: String, contact: AccountId, most: i64, now: Timestamp, effects: Effects) -> bool;
    /// Ends the trust, or the invitation, at the wish of either.
    write trusted::end_trusted(id: String, by: AccountId, now: Timestamp, effects: Effects) -> bool;
    /// Asks who is trusted to vouch in a recovery that waits; false while they
    /// are being asked.
    write trusted::ask_to_vouch(new: VouchRecord, effects: Effects) -> bool;
    /// What was asked last in a recovery.
    read trusted::vouch_request_of(recovery: &str) -> Option<VouchRecord>;
    /// What somebody is asked now.
    read trusted::vouch_requests(contact: &AccountId, now: Timestamp) -> Vec<VouchRecord>;
    /// Vouches: the recovery waits no longer. False when it was cancelled, or
    /// the trust has ended.
    write trusted::vouch(id: String, contact: AccountId, now: Timestamp, effects: Effects) -> bool;

    /// The newest time somebody else was said to know the password of an account.
    read not_me::find_exposure(account: &AccountId) -> Option<ExposureRecord>;
    /// What followed an event, as far as it can be undone.
    read not_me::followed(account: &AccountId, event: &Event) -> Undone;
    /// The contacts that stood before an event and were replaced after it.
    read not_me::contacts_before(account: &AccountId, event: &Event) -> Vec<ContactRecord>;
    /// Ends what began with an event, takes back what followed it and marks the
    /// password as known to others, spending the ticket.
    change not_me::undo(undo: Undo, now: Timestamp) -> NotMe;

    /// The live link of a subject.
    read links::find_link(subject_index: &str) -> Option<LinkRecord>;
    /// The live links of an account, oldest first.
    read links::links_of(account: &AccountId) -> Vec<LinkRecord>;
    /// Creates an account together with a link, spending the ticket that held
    /// what was asserted.
    change links::register_linked(account: NewAccount, new: NewLink, now: Timestamp) -> Attached;
    /// Adds a link to an account, or renews its evidence, spending the ticket
    /// that held what was asserted.
    change links::attach_link(attachment: Attachment, now: Timestamp) -> Attached;
    /// Takes a link away unless it is the last way in, and ends every other
    /// session.
    change links::detach_link(id: String, account: AccountId, keep: SessionId, now: Timestamp, effects: Effects) -> Detached;
    /// Sends photographs as one case; false when one is open.
    write photographs::send_photographs(case: PhotographCaseRecord, files: Vec<NewFile>, effects: Effects) -> bool;
    /// What a citizen sent last.
    read photographs::newest_photographs(account: &AccountId) -> Option<PhotographCaseRecord>;
    /// How many cases wait for a decision, and since when the oldest has.
    read photographs::photographs_waiting(now: Timestamp) -> (i64, Option<Timestamp>);
    /// Gives an operator a case until `until`: the one that is theirs, else the
    /// oldest that nobody has and that is not about themselves.
    write photographs::claim_photographs(operator: AccountId, now: Timestamp, until: Timestamp) -> Option<PhotographCaseRecord>;
    /// The case that an operator holds now.
    read photographs::claimed_photographs(operator: &AccountId, now: Timestamp) -> Option<PhotographCaseRecord>;
    /// Lets the case go that an operator holds; false when there is none.
    write photographs::release_photographs(operator: AccountId, now: Timestamp) -> bool;
    /// Decides once about a case the operator holds, with evidence, audit and
    /// lines; photographs that are not kept are gone with it.
    change photographs::decide_photographs(id: String, decision: PhotographDecision, now: Timestamp) -> Completed;
    /// Open cases whose time is over.
    read photographs::overdue_photographs(now: Timestamp, limit: i64) -> Vec<PhotographCaseRecord>;
    /// Closes a case that nobody decided in time and destroys its photographs;
    /// false when it was closed before.
    write photographs::expire_photographs(id: String, now: Timestamp, effects: Effects) -> bool;
    /// Takes an open case back and destroys its photographs; false when none is open.
    write photographs::withdraw_photographs(account: AccountId, now: Timestamp, effects: Effects) -> bool;
    /// Destroys the photographs of at most `limit` cases that were kept long
    /// enough; gives how many cases there were.
    write photographs::erase_photographs(now: Timestamp, limit: i64) -> u64;

    /// Keeps a file, unless the account then had more than `most` bytes.
    write files::put_file(file: NewFile, most: i64, effects: Effects) -> bool;
    /// What belongs to a holder, oldest first, without contents.
    read files::files_of(account: &AccountId, holder: &str) -> Vec<FileRecord>;
    /// Everything an account has, whoever holds it, oldest first, without contents.
    read files::files_of_account(account: &AccountId) -> Vec<FileRecord>;
    /// A file with its content, only for its account and holder.
    read files::find_file(account: &AccountId, holder: &str, id: &str) -> Option<StoredFile>;
    /// Destroys a file; false when there is none of this account and holder.
    write files::delete_file(account: AccountId, holder: String, id: String, effects: Effects) -> bool;

    /// Adds a document with its first version, unless the account has `most`.
    write documents::add_document(document: DocumentRecord, version: DocumentVersionRecord, most: i64, effects: Effects) -> bool;
    /// The documents of an account, oldest first.
    read documents::documents_of(account: &AccountId) -> Vec<DocumentRecord>;
    /// A document, only for its owner.
    read documents::find_document(account: &AccountId, id: &str) -> Option<DocumentRecord>;
    /// The current versions of an account's documents.
    read documents::current_versions(account: &AccountId) -> Vec<DocumentVersionRecord>;
    /// Every version of a document, the current one first.
    read documents::versions_of(document: &str) -> Vec<DocumentVersionRecord>;
    /// Changes what is known of the current version and what is asked about it;
    /// false when another took its place.
    write documents::change_version(version: DocumentVersionRecord, effects: Effects) -> bool;
    /// Puts a new version in the place of the current one, which stays in the
    /// history; false when another took its place before.
    write documents::replace_version(current: String, version: DocumentVersionRecord, effects: Effects) -> bool;
    /// Destroys a document with its history and its scans; false when there is none.
    write documents::delete_document(account: AccountId, id: String, effects: Effects) -> bool;
    /// The version a question is about, with the account it belongs to.
    read documents::find_asked_version(check_id: &str) -> Option<AskedVersion>;
    /// Notes that the registry is being asked; false when it has answered, or
    /// something else is asked by now.
    write documents::start_document_check(check_id: String, now: Timestamp) -> bool;
    /// Notes that the registry did not answer and will be asked again.
    write documents::pause_document_check(check_id: String) -> ();
    /// Notes once what the registry answered: the fields that do not match.
    write documents::answer_document_check(check_id: String, mismatch: String, now: Timestamp, effects: Effects) -> bool;

    /// Whose SNILS this is by more than a declaration: confirmed, or seen by an
    /// operator who made the account.
    read papers::snils_holder(blind_index: &str) -> Option<AccountId>;
    /// Creates an account from papers with its evidence, the question to the
    /// registries and the audit, unless the SNILS is somebody's by more than a
    /// declaration.
    write papers::register_from_papers(new: PapersAccount) -> Registered;
    /// Puts a temporary password in the place of another that nobody has
    /// replaced, and ends what was begun with that; false when there is none.
    change papers::replace_temporary(new: PasswordRecord, audit: AuditRecord, effects: Effects) -> bool;
    /// Puts a temporary password in the place of whatever there is, and ends every
    /// session and recovery; false for an account that is blocked, restricted or an
    /// operator's, or was defended by its owner since `doubted`.
    change papers::restore_login(new: PasswordRecord, doubted: Timestamp, audit: AuditRecord, effects: Effects) -> bool;
    /// Lifts the restriction that was `seen` to last until then; false when there is
    /// another or none, and for an account that is blocked or an operator's.
    change papers::lift_at_desk(account: AccountId, seen: Timestamp, now: Timestamp, audit: AuditRecord, effects: Effects) -> bool;
    /// Restricts an account until then, with the decision it follows from.
    change risk::restrict_account(decision: RiskDecisionRecord, until: Timestamp, effects: Effects) -> ();
    /// Lifts a restriction before its time; false when there is none.
    change risk::lift_restriction(account: AccountId, now: Timestamp, effects: Effects) -> bool;
    /// Notes that a sign-in was ended, with the decision it follows from.
    write risk::record_refusal(decision: RiskDecisionRecord, effects: Effects) -> ();
    /// The newest decisions about any account.
    read risk::risk_decisions(limit: i64) -> Vec<RiskDecisionRecord>;

    /// The newest passwords of an account, the current one first.
    read passwords::passwords_of(account: &AccountId, limit: i64) -> Vec<PasswordRecord>;
    /// Replaces the password, ends every other session with its grants and
    /// forgets every other browser.
    change passwords::set_password(new: PasswordRecord, keep: Option<SessionId>, keep_device: Option<Digest>, effects: Effects) -> Vec<EndedGrant>;
    /// Stores the same password hashed with newer parameters.
    write passwords::upgrade_password(account: AccountId, old: String, new: String) -> bool;

    /// The state of a counter.
    read throttles::find_throttle(name: &str) -> Option<ThrottleRecord>;
    /// Counts one more try in a window of `window_millis`; at the limit the
    /// counter closes for `lock_millis` under the given number.
    write throttles::count_hit(name: String, limit: i64, window_millis: i64, lock_millis: i64, block: Option<Block>, now: Timestamp) -> ThrottleRecord;
    /// Forgets a counter.
    write throttles::clear_throttle(name: String) -> ();
    /// Opens the counter that closed under this block number.
    write throttles::unlock(block_number: String) -> bool;
    /// The counters that are closed under this number.
    read throttles::find_lock(block_number: &str, now: Timestamp) -> Vec<LockRecord>;
    /// Opens the counters that closed under a number, with audit and lines;
    /// false when they are open by now.
    write throttles::lift_lock(lift: LockLift) -> bool;

    /// Opens a request to support with its first message, unless the account
    /// has `most` open ones.
    write support::open_support_request(request: SupportRequestRecord, first: SupportMessageRecord, most: i64, effects: Effects) -> SupportOpened;
    /// The requests of an account, newest first.
    read support::support_requests_of(account: &AccountId, limit: i64) -> Vec<SupportRequestRecord>;
    /// A request by its number.
    read support::find_support_request(number: &str) -> Option<SupportRequestRecord>;
    /// What was written in a request, oldest first.
    read support::support_messages(number: &str) -> Vec<SupportMessageRecord>;
    /// Adds what its citizen writes; false when the request is closed or not theirs.
    write support::add_support_message(account: AccountId, message: SupportMessageRecord, effects: Effects) -> bool;
    /// Closes a request of this citizen; false when it is closed or not theirs.
    write support::close_support_request(account: AccountId, number: String, now: Timestamp, effects: Effects) -> bool;
    /// Requests that wait for an answer, longest first, but for this account's own.
    read support::support_queue(but_of: &AccountId, limit: i64) -> Vec<SupportRequestRecord>;
    /// How many have waited since `before`, but for this account's own.
    read support::support_waiting_before(but_of: &AccountId, before: Timestamp) -> i64;
    /// Gives the operator of the audit's line a request that waits, until
    /// `until`; false when another has it or it is their own.
    write support::claim_support_request(number: String, until: Timestamp, audit: AuditRecord, effects: Effects) -> bool;
    /// A request that this operator holds now.
    read support::claimed_support_request(number: &str, operator: &AccountId, now: Timestamp) -> Option<SupportRequestRecord>;
    /// Lets a request go that an operator holds; false when they do not.
    write support::release_support_request(number: String, operator: AccountId, now: Timestamp) -> bool;
    /// Answers a request once, for who holds it and has read all of it.
    write support::answer_support_request(answer: SupportAnswer, now: Timestamp) -> bool;
    /// Requests that have waited since `before` and are not noted as such.
    read support::unanswered_support_requests(before: Timestamp, limit: i64) -> Vec<SupportRequestRecord>;
    /// Notes once that a request has waited since `before`, in the audit too.
    write support::escalate_support_request(number: String, before: Timestamp, audit: AuditRecord) -> bool;

    /// A session by the digest of its cookie.
    read sessions::find_session(digest: &Digest) -> Option<SessionRecord>;
    /// A session by id.
    read sessions::load_session(id: &SessionId) -> Option<SessionRecord>;
    /// The sessions of an account that have not ended, newest first.
    read sessions::open_sessions(account: &AccountId, now: Timestamp) -> Vec<SessionRecord>;
    /// Starts a session and marks its browser as known, unless the account was
    /// blocked or the password replaced meanwhile.
    write sessions::start_session(new: NewSession) -> bool;
    /// Marks a session as used now.
    write sessions::touch_session(id: SessionId, now: Timestamp, idle_until: Timestamp) -> ();
    /// Ends sessions and their grants; grants for offline access end too when
    /// `offline` says so. Gives every grant that ended.
    change sessions::end_sessions(choice: SessionChoice, reason: String, offline: bool, now: Timestamp, effects: Effects) -> Vec<EndedGrant>;
    /// Ends at most `limit` sessions whose time is over, recording it.
    write sessions::end_timed_out(limit: i64, now: Timestamp) -> Vec<EndedGrant>;
    /// Whether this browser has signed in to this account before.
    read devices::is_known_device(digest: &Digest, account: &AccountId) -> bool;
    /// The browsers that have signed in to this account, the last used first.
    read devices::devices_of(account: &AccountId, limit: i64) -> Vec<DeviceRecord>;
    /// Gives a device other rights, if the device that asks may.
    change devices::set_device_rights(change: RightsChange, now: Timestamp) -> RightsSet;
    /// Forgets a device and its rights, and ends its sessions; false when there
    /// is none.
    change devices::forget_device(account: AccountId, digest: Digest, now: Timestamp, effects: Effects) -> bool;
    /// The relying parties that hold grants of this session.
    read sessions::clients_of_session(id: &SessionId) -> Vec<ClientId>;

    /// Writes lines of history, journal, notices and messages.
    write history::record(effects: Effects) -> ();
    /// The sign-in history, newest first.
    read history::sign_ins(account: &AccountId, filter: &HistoryFilter) -> Vec<SignInRecord>;
    /// The activity journal, newest first.
    read history::journal(account: &AccountId, filter: &HistoryFilter, ascending: bool) -> Vec<JournalRecord>;
    /// The inbox, newest first.
    read history::notices(account: &AccountId, limit: i64, offset: i64) -> Vec<NoticeRecord>;
    /// How many notices are unread.
    read history::unread_notices(account: &AccountId) -> i64;
    /// Marks a notice (or all, without an id) as read.
    write history::mark_read(account: AccountId, id: Option<String>, now: Timestamp) -> ();

    /// Takes due messages of one channel for sending until `locked_until`.
    write outbox::claim_messages(channel: String, now: Timestamp, locked_until: Timestamp, limit: i64) -> Vec<OutboxRecord>;
    /// A message left; what it said is forgotten.
    write outbox::message_sent(id: String, now: Timestamp) -> ();
    /// A message did not leave: try again at `next_try_at`, or give up.
    write outbox::message_failed(id: String, error: String, next_try_at: Option<Timestamp>, now: Timestamp) -> ();
    /// How many messages wait, and since when the oldest is due.
    read outbox::outbox_waiting() -> (i64, Option<Timestamp>);

    /// Makes the stream of a client, unless it has one.
    write streams::create_stream(new: StreamRecord) -> bool;
    /// The stream of a client.
    read streams::stream_of(client: &ClientId) -> Option<StreamRecord>;
    /// Replaces what its client says of a stream; false when another change came
    /// before.
    write streams::change_stream(changed: StreamRecord, now: Timestamp) -> bool;
    /// Deletes a stream with what waits on it; false when there is none.
    write streams::delete_stream(id: String) -> bool;
    /// Enables, pauses or disables a stream; disabled it holds nothing.
    write streams::set_stream_status(id: String, status: String, reason: Option<String>, now: Timestamp) -> bool;
    /// Puts a verification on a stream, unless one was asked for since then.
    write streams::ask_verification(event: StreamEventRecord, not_since: Timestamp) -> VerificationAsked;
    /// Tells a stream nothing more of a subject; false when it has `most` of them.
    write streams::exclude_subject(stream: String, subject: String, most: i64) -> bool;
    /// Tells a stream of a subject again.
    write streams::include_subject(stream: String, subject: String) -> ();
    /// Whether a stream is told nothing of a subject.
    read streams::is_excluded(stream: &str, subject: &str) -> bool;
    /// Takes one stream that has something to push, until `locked_until`.
    write stream_events::claim_stream(now: Timestamp, locked_until: Timestamp) -> Option<StreamRecord>;
    /// What waits on a stream, in the order it happened; what its client may know
    /// no more is dropped.
    write stream_events::waiting_events(stream: String, limit: i64, now: Timestamp) -> Vec<StreamEventRecord>;
    /// Writes down the level that a stream is told of an account, beside the one
    /// before: what the event says from now on. None, and no event, where that level
    /// was told.
    write stream_events::settle_level(event: StreamEventRecord, account: AccountId, level: Level) -> Option<String>;
    /// Takes one from a stream; false when it was taken before.
    write stream_events::take_event(stream: String, jti: String, taken: Taken, now: Timestamp) -> bool;
    /// Lets a claimed stream go; after a failure it waits.
    write stream_events::release_stream(stream: String, locked_until: Timestamp, failed: Option<(String, Timestamp)>, now: Timestamp) -> ();
    /// Streams with something that waits since before then, or with more than `most`.
    read stream_events::overdue_streams(before: Timestamp, most: i64) -> Vec<String>;
    /// Gives up what a stream has waited for too long, or too much of, pauses it and
    /// says so in this event; gives how many these were.
    write stream_events::give_up_events(event: StreamEventRecord, reason: String, before: Timestamp, most: i64) -> u64;
    /// Every stream with what waits on it.
    read streams::stream_states() -> Vec<StreamState>;
    /// How many signals wait on all streams, and since when the oldest.
    read stream_events::signals_waiting() -> (i64, Option<Timestamp>);

    /// The consent in force between a citizen and a relying party, if any.
    read consents::find_consent(account: &AccountId, client: &ClientId) -> Option<ConsentRecord>;
    /// A consent by id, only for its owner.
    read consents::load_consent(id: &ConsentId, account: &AccountId) -> Option<ConsentRecord>;
    /// Every consent of a citizen, newest first.
    read consents::consents_of(account: &AccountId) -> Vec<ConsentRecord>;
    /// Gives a consent, or replaces the scopes, claims and term of the one in force.
    change consents::put_consent(consent: ConsentRecord, effects: Effects) -> ConsentId;
    /// Withdraws a consent and revokes every grant under it.
    change consents::withdraw_consent(id: ConsentId, account: AccountId, now: Timestamp, effects: Effects) -> Vec<EndedGrant>;
    /// Narrows a consent to these scopes, single claims and term, revoking every grant under it.
    change consents::change_consent(id: ConsentId, account: AccountId, left: Narrowed, now: Timestamp, effects: Effects) -> Vec<EndedGrant>;
    /// Marks consents as used.
    write consents::touch_consents(used: HashMap<ConsentId, Timestamp>) -> ();
    /// Consents that end before `until` and whose owners have not been told.
    read consents::ending_consents(until: Timestamp, now: Timestamp, limit: i64) -> Vec<ConsentRecord>;
    /// Tells an owner once that a consent ends; false when it was told before.
    write consents::announce_end(id: ConsentId, now: Timestamp, effects: Effects) -> bool;
    /// Consents whose term is over and whose lapse has not been recorded.
    read consents::lapsed_consents(now: Timestamp, limit: i64) -> Vec<ConsentRecord>;
    /// Records once that the term of a consent is over; false when it was
    /// recorded before, was withdrawn or has another term by now.
    write consents::record_lapse(id: ConsentId, now: Timestamp, effects: Effects) -> bool;

    /// A grant by id.
    read grants::find_grant(id: &GrantId) -> Option<GrantRecord>;
    /// What decides whether a grant's tokens are alive.
    read grants::grant_standing(id: &GrantId) -> Option<GrantStanding>;
    /// Redeems the ticket of an authorization whose session lives: one winner,
    /// who stores the grant; a replay revokes it.
    change grants::redeem_authorization(ticket: (&'static str, Digest), new: GrantRecord, now: Timestamp) -> CodeRedeemed;
    /// Stores a grant that needs no code, if its session lives: how it stands.
    write grants::put_grant(new: GrantRecord, now: Timestamp, effects: Effects) -> Option<GrantStanding>;
    /// Grants under a consent that were given in detail, newest first.
    read grants::detailed_grants(consent: &ConsentId, limit: i64) -> Vec<GrantRecord>;
    /// Revokes a grant with its refresh family.
    change grants::revoke_grant(id: GrantId, now: Timestamp) -> bool;
    /// Spends the refresh token of this number for the next one, or says why not.
    change grants::rotate_refresh_token(grant: GrantId, number: i64, expires_at: Timestamp, grace_millis: i64, now: Timestamp) -> Rotation;

    /// Gives a person a number in the ESIA dialect, unless they have one. Returns
    /// theirs; none when this one is another person's.
    write esia::put_oid_once(account: AccountId, oid: i64) -> Option<i64>;
    /// Grants of a client that the person of this number gave in detail, newest
    /// first, whether they stand or not.
    read esia::permitted_grants(client: ClientId, oid: i64) -> Vec<GrantRecord>;
    /// The number of a person in the ESIA dialect.
    read esia::find_oid(account: &AccountId) -> Option<i64>;

    /// Stores a ticket.
    write tickets::put_ticket(kind: &'static str, digest: Digest, payload: String, now: Timestamp, expires_at: Timestamp) -> ();
    /// Stores a ticket unless its like was seen before: false for a replay.
    write tickets::put_ticket_once(kind: &'static str, digest: Digest, now: Timestamp, expires_at: Timestamp) -> bool;
    /// Stores a ticket unless there is one of this name, which then lives as
    /// long. Returns what it holds.
    write tickets::keep_ticket(account: Option<AccountId>, kind: &'static str, digest: Digest, payload: String, now: Timestamp, expires_at: Timestamp) -> String;
    /// Marks an access token as revoked until it expires.
    change tickets::revoke_token(token: Digest, now: Timestamp, expires_at: Timestamp) -> bool;
    /// Reads a ticket that has not expired, spent or not.
    read tickets::find_ticket(kind: &'static str, digest: &Digest, now: Timestamp) -> Option<TicketRecord>;
    /// Questions to the browsers of an account that wait for an answer, newest
    /// first: digest and payload.
    read tickets::questions_of(account: &AccountId, now: Timestamp) -> Vec<(Digest, String)>;
    /// The requests of sites that name this account and are not spent: digest
    /// and payload, newest first.
    read tickets::requests_of_sites(account: &AccountId, now: Timestamp) -> Vec<(Digest, String)>;
    /// Spends a ticket: one winner.
    write tickets::redeem_ticket(kind: &'static str, digest: Digest, now: Timestamp) -> Redeemed;
    /// Redeems it and writes what follows; nothing is written when it was spent.
    write tickets::redeem_ticket_with(ticket: (&'static str, Digest), now: Timestamp, effects: Effects) -> Redeemed;
    /// Counts a try on a ticket that is still good; none when it is not or the
    /// tries are used up.
    write tickets::count_try(kind: &'static str, digest: Digest, limit: i64, now: Timestamp) -> Option<TicketRecord>;
    /// Replaces what a ticket holds, if that is still what it was before.
    write tickets::change_ticket(ticket: (&'static str, Digest), before: String, after: String, now: Timestamp, effects: Effects) -> bool;
    /// Replaces what a ticket holds and its expiry; its tries begin anew.
    write tickets::replace_ticket(kind: &'static str, digest: Digest, payload: String, expires_at: Timestamp, now: Timestamp, effects: Effects) -> bool;
    /// Stores a ticket that is a step of this account, if the account is known,
    /// together with what comes along.
    write tickets::put_ticket_of(account: Option<AccountId>, ticket: (&'static str, Digest), payload: String, now: Timestamp, expires_at: Timestamp, effects: Effects) -> ();
    /// The same if something happens for the first time: false, and nothing
    /// stored, when it did not.
    write tickets::put_ticket_if(once: Once, new: NewTicket, effects: Effects, now: Timestamp) -> bool;
}
