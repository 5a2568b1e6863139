//! An operator at the desk of a service centre finds people among all that are
//! loaded: by the number of their request, by SNILS, by phone. Each time it is
//! somebody else; a search opens the case and writes both books.

use std::net::Ipv4Addr;

use super::Bench;
use crate::browser::{Browser, Person, SignIn};
use crate::form::Form;
use crate::measure::{Measured, Worker, closed_loop};

/// The loaded account that works at the centre; see bin/bench.
const OPERATOR: u32 = 3;

/// What the operator types.
#[derive(Clone, Copy)]
pub enum By {
    /// The number of the request.
    Number,
    /// The insurance number.
    Snils,
    /// The phone.
    Phone,
}

impl By {
    /// All three, with their names in the report.
    pub const ALL: [(&'static str, Self); 3] = [
        ("number", Self::Number),
        ("snils", Self::Snils),
        ("phone", Self::Phone),
    ];

    /// What the n-th loaded account is found by.
    pub fn of(self, n: u32) -> String {
        match self {
            Self::Number => format!("{n:08}"),
            Self::Phone => format!("+79{n:09}"),
            Self::Snils => {
                let number = (100_000_000 + n).to_string();
                let digits = number.bytes().map(|digit| u32::from(digit - b'0'));
                let sum: u32 = digits
                    .zip((1..=9).rev())
                    .map(|(d, weight)| d * weight)
                    .sum();
                format!("{number}{:02}", sum % 101 % 100)
            }
        }
    }
}

struct Operator {
    browser: Browser,
    /// The desk's own, good for the whole session: a search is one request.
    form: Form,
    by: By,
    /// People who asked for a visit: the second third.
    first: u32,
    people: u32,
    done: u32,
}

impl Worker for Operator {
    async fn once(&mut self) -> Result<(), String> {
        // Far apart, so that no two searches share a page of the database.
        let at = self.done.wrapping_mul(7919) % self.people;
        self.done += 1;
        let typed = self.by.of(self.first + at);
        let found = self
            .browser
            .press("/operator", &self.form, "number", &typed)
            .await?;
        if found.contains("id=\"case-confirm\"") {
            Ok(())
        } else {
            Err(format!("{typed}: nobody was found"))
        }
    }
}

/// One operator, one search after the other.
pub async fn run(bench: &Bench<'_>, by: By) -> Result<Measured, String> {
    let accounts = bench.arguments.accounts;
    let person = Person {
        login: format!("+79{OPERATOR:09}"),
        password: bench.arguments.password.clone(),
    };
    let mut browser = Browser::open(&bench.ours.authority, Ipv4Addr::new(127, 0, 0, 9)).await?;
    if browser.sign_in(&person).await? != SignIn::Done {
        return Err("the operator was not let in".into());
    }
    let form = browser.form_of("/operator", "desk-open").await?;
    let worker = Operator {
        browser,
        form,
        by,
        first: accounts / 3 + 1,
        people: accounts / 3,
        done: 0,
    };
    let (_, warm) = closed_loop(vec![worker], bench.plan.warm_span()).await?;
    Ok(closed_loop(warm, bench.plan.span()).await?.0)
}
