//! What is wrong with a decision, in words beside its field.

use crate::operator::CaseRefused;
use crate::texts::{Texts, key};
use crate::web::attributes::attribute_name;
use crate::web::form::Problems;

/// The problems a decision has; a refusal that leads away from the case comes
/// back as it is.
pub(super) fn problems(texts: Texts, refused: CaseRefused) -> Result<Problems, CaseRefused> {
    let (field, text) = match refused {
        CaseRefused::NotCompared(left) => {
            let names: Vec<_> = left
                .iter()
                .map(|name| attribute_name(texts, *name))
                .collect();
            let text = texts.say("problem-not-compared", "fields", names.join(", "));
            ("compared", text)
        }
        CaseRefused::Changed => ("compared", texts.t(key("problem-case-changed"))),
        CaseRefused::NoReason => ("reason", texts.t(key("problem-no-reason"))),
        CaseRefused::NeedsTwo => ("compared", texts.t(key("problem-needs-two"))),
        CaseRefused::PassportOver => ("compared", texts.t(key("problem-passport-over"))),
        CaseRefused::ProposerGone => ("compared", texts.t(key("problem-proposer-gone"))),
        other => return Err(other),
    };
    let mut problems = Problems::none();
    problems.add(field, text);
    Ok(problems)
}
