//! Registries that are not there, by the rules of the state's own test
//! environment: a SNILS exists when its first three digits are 000 and the next
//! six, as a number, are divisible by three; a passport when its series begins
//! with 000 and its number is divisible by three; an INN always does; any other
//! document when the digits of its number are. Checked by nobody but us, so only for demonstrations and tests.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{DocumentQuestion, Mismatch, Question, Registry, Unavailable};
use crate::account::proofing::PersonalData;
use crate::model::evidence::Attribute;

/// The simulation; `script` makes it fail or wait.
#[derive(Debug, Default)]
pub struct Simulated {
    script: Mutex<Script>,
}

/// What happens to the next questions.
#[derive(Clone, Copy, Debug, Default)]
struct Script {
    outages: u32,
    delay: Duration,
}

impl Simulated {
    /// An answer takes so long.
    pub fn delayed(delay: Duration) -> Self {
        let simulated = Self::default();
        simulated.change(|script| script.delay = delay);
        simulated
    }

    /// So many questions from now on stay unanswered.
    pub fn fail_next(&self, questions: u32) {
        self.change(|script| script.outages = questions);
    }

    /// Waits and fails as the script says.
    async fn play(&self) -> Result<(), Unavailable> {
        let (down, delay) = self.change(|script| {
            let down = script.outages > 0;
            script.outages = script.outages.saturating_sub(1);
            (down, script.delay)
        });
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if down {
            return Err(Unavailable("scripted outage".to_owned()));
        }
        Ok(())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Registry for Simulated {
    fn ask<'a>(&'a self, question: Question<'a>) -> BoxFuture<'a, Result<Mismatch, Unavailable>> {
        Box::pin(async move {
            self.play().await?;
            Ok(question
                .registry
                .compares
                .iter()
                .copied()
                .filter(|attribute| !exists(*attribute, question.data))
                .collect())
        })
    }

    fn ask_document<'a>(
        &'a self,
        question: DocumentQuestion<'a>,
    ) -> BoxFuture<'a, Result<Vec<&'static str>, Unavailable>> {
        Box::pin(async move {
            self.play().await?;
            // A number is divisible by three when the sum of its digits is.
            let digits = question.data.number.chars().filter_map(|c| c.to_digit(10));
            let known = digits.sum::<u32>() % 3 == 0;
            Ok(if known { Vec::new() } else { vec!["number"] })
        })
    }

    fn has_test_people(&self) -> bool {
        true
    }
}

fn exists(attribute: Attribute, data: &PersonalData) -> bool {
    match attribute {
        Attribute::Snils => is_third(&data.snils.as_str()[3..9], data.snils.as_str()),
        Attribute::Passport => data
            .profile
            .passport
            .as_ref()
            .is_some_and(|passport| is_third(&passport.number, &passport.series)),
        _ => true,
    }
}

fn is_third(number: &str, series: &str) -> bool {
    series.starts_with("000") && number.parse::<u32>().is_ok_and(|number| number % 3 == 0)
}
