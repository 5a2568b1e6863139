//! Accounts that operators make from papers, and the safeguards: originals
//! compared, agreement in writing, never for oneself, so many a day.

use std::time::Duration;

use super::{COMPARED, Operator, Operators, judgement};
use crate::account::Problem;
use crate::account::proofing::registry::Registry;
use crate::account::proofing::{DataForm, DeskRefused, Offer, PersonalData, PrintedLogin};
use crate::error::{Internal, Result};
use crate::model::evidence::Attribute;
use crate::model::timestamp::Timestamp;
use crate::texts::Lang;

/// What an operator typed and ticked.
#[derive(Clone, Debug, Default)]
pub struct PapersForm {
    pub data: DataForm,
    /// Originals that were compared.
    pub compared: Vec<Attribute>,
    /// Whether the visitor has agreed in writing to the terms.
    pub agreed: bool,
}

/// Why no account was made.
#[derive(Debug)]
pub enum PapersRefused {
    /// Everything that is wrong with the form.
    Problems {
        /// Wrong fields.
        fields: Vec<Problem>,
        /// Originals that were not compared.
        not_compared: Vec<Attribute>,
        /// There is no agreement in writing.
        not_agreed: bool,
    },
    /// Nobody makes an account for themselves (attack row 51).
    OwnCase,
    /// The visitor has an account.
    HasAccount(Offer),
    /// Why the restriction should end before its time is not said; it lasts until
    /// then.
    NoReason(Timestamp),
    /// So many today are too many.
    TooMany {
        retry_after: Duration,
    },
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for PapersRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<DeskRefused> for PapersRefused {
    fn from(refused: DeskRefused) -> Self {
        match refused {
            DeskRefused::HasAccount(offer) => Self::HasAccount(offer),
            DeskRefused::Busy { retry_after } => Self::Busy { retry_after },
            DeskRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl Operators {
    /// Makes an account from papers; gives what is printed for the visitor.
    ///
    /// # Errors
    /// The refusal.
    pub async fn register_from_papers(
        &self,
        operator: &Operator,
        form: &PapersForm,
        registry: &dyn Registry,
        lang: Lang,
        now: Timestamp,
    ) -> Result<PrintedLogin, PapersRefused> {
        let data = self.papers(operator, form, registry, now).await?;
        let by = operator.attestor();
        Ok(self
            .accounts
            .register_from_papers(&data, lang, by, now)
            .await?)
    }

    /// Prints another temporary password for an account from papers that nobody
    /// has signed in to and made their own; the form is filled in and ticked
    /// anew.
    ///
    /// # Errors
    /// The refusal.
    pub async fn reprint_login(
        &self,
        operator: &Operator,
        form: &PapersForm,
        registry: &dyn Registry,
        now: Timestamp,
    ) -> Result<PrintedLogin, PapersRefused> {
        let data = self.papers(operator, form, registry, now).await?;
        let by = operator.attestor();
        Ok(self.accounts.reprint_login(&data, by, now).await?)
    }

    /// Prints a temporary password for an account whose holder has forgotten
    /// theirs; the form is filled in and ticked anew.
    ///
    /// # Errors
    /// The refusal.
    pub async fn restore_login(
        &self,
        operator: &Operator,
        form: &PapersForm,
        registry: &dyn Registry,
        now: Timestamp,
    ) -> Result<PrintedLogin, PapersRefused> {
        let data = self.papers(operator, form, registry, now).await?;
        let by = operator.attestor();
        Ok(self.accounts.restore_login(&data, by, now).await?)
    }

    /// Lifts the restriction of an account that was `seen` to last until then; the
    /// form is filled in and ticked anew.
    ///
    /// # Errors
    /// The refusal.
    pub async fn lift_restriction(
        &self,
        operator: &Operator,
        form: &PapersForm,
        (seen, reason): (Timestamp, &str),
        registry: &dyn Registry,
        now: Timestamp,
    ) -> Result<(), PapersRefused> {
        let data = self.papers(operator, form, registry, now).await?;
        let reason = judgement::reason(reason).map_err(|_| PapersRefused::NoReason(seen))?;
        let by = operator.attestor();
        Ok(self
            .accounts
            .lift_at_desk(&data, seen, &reason, by, now)
            .await?)
    }

    /// The data of the papers, when they were compared and are another's.
    async fn papers(
        &self,
        operator: &Operator,
        form: &PapersForm,
        registry: &dyn Registry,
        now: Timestamp,
    ) -> Result<PersonalData, PapersRefused> {
        let read = self.accounts.read_papers(&form.data, registry, now)?;
        let not_compared: Vec<_> = COMPARED
            .into_iter()
            .filter(|attribute| !form.compared.contains(attribute))
            .collect();
        let not_agreed = !form.agreed;
        let data = match read {
            Ok(data) if not_compared.is_empty() && form.agreed => data,
            read => {
                return Err(PapersRefused::Problems {
                    fields: read.err().unwrap_or_default(),
                    not_compared,
                    not_agreed,
                });
            }
        };
        let own = self.accounts.load_person(&operator.account).await?;
        if data.is_of(&own) {
            return Err(PapersRefused::OwnCase);
        }
        let by = operator.attestor();
        if let Some(retry_after) = self.accounts.allow_papers(by, now).await? {
            return Err(PapersRefused::TooMany { retry_after });
        }
        Ok(data)
    }
}
