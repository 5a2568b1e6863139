//! Who is locked out by wrong passwords (requirement C6).
//!
//! A browser that has signed in before has a counter of its own, so nobody
//! can lock a person out of it (attack row 22). Strangers are counted twice:
//! by the identifier they typed and by the account it leads to, so that
//! another identifier of the same person is no fresh start (row 21). Only the
//! identifier's lock is shown, for it exists for unknown identifiers as well.
//! The account's own lock refuses silently: shown, it would tell that a phone
//! and an address belong to one account (row 23).

use super::Accounts;
use super::browser::Browser;
use super::hashing::{HashRefused, RETRY_AFTER};
use super::throttle::{Lock, behind, lock_of, network};
use super::turns::Turn;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{Block, ThrottleRecord};

/// Where the wrong passwords of one try are counted.
pub(super) enum Gate {
    /// At this browser, which has signed in to this account before; or in the
    /// cabinet, where the current password is asked for.
    Known { subject: String, owner: AccountId },
    /// Anywhere else.
    Stranger {
        identifier: String,
        account: String,
        owner: Option<AccountId>,
    },
}

/// What stands at a gate.
#[derive(Default)]
pub(super) struct Standing {
    /// A lock that is told.
    pub shown: Option<Lock>,
    /// A lock that refuses without a word.
    pub silent: Option<Lock>,
    /// Wrong passwords that count towards the next lock.
    pub tries: i64,
    /// Whether anything was counted, be it long ago.
    pub counted: bool,
}

impl Standing {
    /// The lock a try comes up against, told or not.
    pub(super) fn lock(&self) -> Option<&Lock> {
        self.shown.as_ref().or(self.silent.as_ref())
    }
}

/// What a wrong password has led to.
pub(super) struct Counted {
    /// A lock that is told from now on.
    pub shown: Option<Lock>,
    /// The lock that this try brought down on the account: its owner is told.
    pub fallen: Option<Lock>,
    /// How many tries have come since the lock fell.
    pub since_lock: i64,
}

const DEVICE: &str = "wrong_at_device";
const IDENTIFIER: &str = "wrong_for_identifier";
const ACCOUNT: &str = "wrong_for_account";

/// Whether a counter of this name is that of a known browser.
pub(super) fn is_wrong_at_device(name: &str) -> bool {
    name.starts_with(DEVICE)
}

impl Gate {
    pub(super) fn of_device(device: &Digest, account: &AccountId) -> Self {
        Self::Known {
            subject: format!("{account}:{}", device.as_str()),
            owner: account.clone(),
        }
    }

    pub(super) fn of_cabinet(account: &AccountId) -> Self {
        Self::Known {
            subject: format!("{account}:cabinet"),
            owner: account.clone(),
        }
    }

    fn subject(&self) -> &str {
        match self {
            Self::Known { subject, .. } => subject,
            Self::Stranger { account, .. } => account,
        }
    }

    /// For an unknown identifier the account's place is taken by nobody's.
    pub(super) fn of_stranger(identifier: &Identifier, account: Option<&AccountId>) -> Self {
        let identifier = format!("{}:{}", identifier.kind().as_str(), identifier.index());
        let owner = account.cloned();
        let account = account.map_or_else(|| format!("nobody:{identifier}"), ToString::to_string);
        Self::Stranger {
            identifier,
            account,
            owner,
        }
    }

    /// A number for a lock that falls here.
    fn block(&self, number: String) -> Block {
        let account = match self {
            Self::Known { owner, .. } => Some(owner.clone()),
            Self::Stranger { owner, .. } => owner.clone(),
        };
        Block { number, account }
    }
}

impl Accounts {
    /// What stands at the gate now.
    pub(super) async fn standing_at(&self, gate: &Gate, now: Timestamp) -> Result<Standing> {
        let lock = |record: &Option<ThrottleRecord>| record.as_ref().and_then(|r| lock_of(r, now));
        Ok(match gate {
            Gate::Known { subject, .. } => {
                let at_device = self.standing(self.wrong_passwords(DEVICE), subject).await?;
                Standing {
                    shown: lock(&at_device),
                    silent: None,
                    tries: tries_in(at_device.as_ref(), now),
                    counted: at_device.is_some(),
                }
            }
            Gate::Stranger {
                identifier,
                account,
                ..
            } => {
                let by_identifier = self
                    .standing(self.wrong_passwords(IDENTIFIER), identifier)
                    .await?;
                let by_account = self
                    .standing(self.wrong_passwords(ACCOUNT), account)
                    .await?;
                Standing {
                    shown: lock(&by_identifier),
                    silent: lock(&by_account),
                    tries: tries_in(by_account.as_ref(), now)
                        .max(tries_in(by_identifier.as_ref(), now)),
                    counted: by_identifier.is_some() || by_account.is_some(),
                }
            }
        })
    }

    /// Waits for a turn at the gate and looks at what stands there. No more
    /// passwords are looked at than tries are left.
    pub(super) async fn take_turn(
        &self,
        gate: &Gate,
        now: Timestamp,
    ) -> Result<(Turn<'_>, Standing), HashRefused> {
        let mut turn = self.turns.come(gate.subject()).ok_or(HashRefused::Busy {
            retry_after: RETRY_AFTER,
        })?;
        let mut places = 1;
        loop {
            turn.take(places).await;
            let standing = self.standing_at(gate, now).await?;
            let tries = u32::try_from(standing.tries).unwrap_or_default();
            let needed = tries.saturating_add(1).min(self.turns.limit());
            if standing.lock().is_some() || needed <= places {
                return Ok((turn, standing));
            }
            places = needed;
        }
    }

    /// A place for somebody at an unknown device, given back when dropped, also
    /// by whoever goes away: hashing what nobody waits for must not be free.
    pub(super) fn place_for_stranger(&self, network: &str) -> Result<[Turn<'_>; 2], HashRefused> {
        let busy = || HashRefused::Busy {
            retry_after: RETRY_AFTER,
        };
        let of_network = self.crowds.come(network).ok_or_else(busy)?;
        let of_all = self.strangers.come("").ok_or_else(busy)?;
        Ok([of_network, of_all])
    }

    /// Counts a wrong password, or a knock at a gate that is `closed`: knocking
    /// must not lengthen the lock of the account.
    pub(super) async fn count_wrong(
        &self,
        gate: &Gate,
        closed: bool,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Counted> {
        let number = self.block_number();
        let network = network(browser.address);
        let from_address = self.count(self.wrong_from_address(), &network, None, now);
        let limit = self.wrong_passwords(DEVICE).limit();
        let (told, decisive) = match gate {
            Gate::Known { subject, .. } => {
                let block = Some(gate.block(number));
                let at_device = self.count(self.wrong_passwords(DEVICE), subject, block, now);
                let (at_device, _) = tokio::try_join!(at_device, from_address)?;
                (at_device.clone(), Some(at_device))
            }
            Gate::Stranger { identifier, .. } if closed => {
                let counter = self.wrong_passwords(IDENTIFIER);
                let knock = self.count(counter, identifier, Some(gate.block(number)), now);
                let (by_identifier, _) = tokio::try_join!(knock, from_address)?;
                (by_identifier, None)
            }
            Gate::Stranger {
                identifier,
                account,
                ..
            } => {
                let block = Some(gate.block(number.clone()));
                let by_account = self.count(self.wrong_passwords(ACCOUNT), account, block, now);
                let (by_account, _) = tokio::try_join!(by_account, from_address)?;
                // The try that closes both gives them one number. A lock that
                // falls later, under another identifier, shows its own: the
                // same on two screens would tell that a phone and an address
                // are one person's. Support opens the account with it too.
                let number = match lock_of(&by_account, now) {
                    Some(lock) if by_account.hits == limit => lock.block_number,
                    Some(lock) => behind(&number, &lock.block_number),
                    None => number,
                };
                let counter = self.wrong_passwords(IDENTIFIER);
                let block = Some(gate.block(number));
                let by_identifier = self.count(counter, identifier, block, now).await?;
                (by_identifier, Some(by_account))
            }
        };
        Ok(Counted {
            fallen: decisive
                .filter(|record| record.hits == limit)
                .and_then(|record| lock_of(&record, now)),
            since_lock: told.hits - limit,
            shown: lock_of(&told, now),
        })
    }

    /// Forgets what was counted, after a right password.
    pub(super) async fn forget_wrong(&self, gate: &Gate) -> Result<()> {
        match gate {
            Gate::Known { subject, .. } => self.forget(self.wrong_passwords(DEVICE), subject).await,
            Gate::Stranger {
                identifier,
                account,
                ..
            } => {
                tokio::try_join!(
                    self.forget(self.wrong_passwords(IDENTIFIER), identifier),
                    self.forget(self.wrong_passwords(ACCOUNT), account)
                )?;
                Ok(())
            }
        }
    }
}

/// Tries that count: those of a window that is open and has not locked yet.
fn tries_in(record: Option<&ThrottleRecord>, now: Timestamp) -> i64 {
    record
        .filter(|record| record.window_ends_at > now && record.locked_until.is_none())
        .map_or(0, |record| record.hits)
}
