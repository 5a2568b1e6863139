//! Whether the time of an answer tells who has an account (requirement A8): each
//! door is knocked at for people who are loaded and for numbers that nobody has,
//! in turns, each time from another browser at another address.

use std::net::Ipv4Addr;
use std::time::Instant;

use super::Bench;
use super::desk::By;
use crate::browser::Browser;
use crate::measure::Measured;

/// Tries at each door, half of them for people who are loaded.
const TRIES: u32 = 2_000;
/// Numbers from here on are nobody's.
const NOBODY: u32 = 500_000_000;

/// A form that somebody fills in without being known.
#[derive(Clone, Copy)]
pub enum Door {
    /// A password that is not the right one.
    Password,
    /// A password that is lost.
    Recovery,
    /// A registration.
    Registration,
    /// A code to the phone in place of the password.
    Code,
}

/// What was seen at a door.
pub struct Seen {
    /// People who are loaded.
    pub known: Measured,
    /// Numbers that nobody has.
    pub unknown: Measured,
    /// How often of a hundred times the slower of one answer of each kind is that
    /// for somebody who is known: 50 when time tells nothing.
    pub told_apart: f64,
}

impl Door {
    /// All of them, with their names in the report.
    pub const ALL: [(&'static str, Self); 4] = [
        ("password", Self::Password),
        ("recovery", Self::Recovery),
        ("registration", Self::Registration),
        ("code", Self::Code),
    ];

    /// The page, its button, and what is typed for the n-th person.
    fn form(self, n: u32) -> (&'static str, &'static str, Vec<(&'static str, String)>) {
        let phone = By::Phone.of(n);
        match self {
            Self::Password => {
                let wrong = ("password", "Ne-Tot-Parol-2026!".to_owned());
                ("/sign-in", "login-submit", vec![("username", phone), wrong])
            }
            Self::Recovery => ("/recover", "recover-submit", vec![("username", phone)]),
            Self::Registration => {
                let typed = [
                    ("family_name", "Громова"),
                    ("given_name", "Вера"),
                    ("terms", "yes"),
                    ("privacy", "yes"),
                ];
                let mut typed: Vec<_> = typed.map(|(name, text)| (name, text.to_owned())).into();
                typed.push(("contact", phone));
                ("/register", "register-submit", typed)
            }
            Self::Code => {
                let snils = By::Snils.of(n);
                let typed = vec![("snils", snils), ("phone", phone)];
                ("/sign-in/code", "code-begin", typed)
            }
        }
    }
}

/// One try after the other: a queue would hide what is to be seen.
pub async fn run(bench: &Bench<'_>, door: Door) -> Result<Seen, String> {
    let (first, people) = (bench.arguments.accounts / 3 + 1, TRIES / 2);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut answers = Vec::new();
    for n in 0..people {
        // Their order turns, so that no kind always comes after the other.
        for is_known in [n % 2 == 0, n % 2 == 1] {
            let number = if is_known { first + n } else { NOBODY + n };
            let place = n * 2 + u32::from(is_known);
            let (micros, answer) = knock(bench, door, number, place).await?;
            match is_known {
                true => known.push(micros),
                false => unknown.push(micros),
            }
            if !answers.contains(&answer) {
                answers.push(answer);
            }
        }
    }
    if answers.len() > 1 {
        return Err(format!("the answers differ: {}", answers.join(", ")));
    }
    let told_apart = slower(&known, &unknown) * 100.0;
    let seconds = |all: &[u32]| all.iter().map(|one| f64::from(*one)).sum::<f64>() / 1e6;
    Ok(Seen {
        told_apart,
        known: Measured::of(known.clone(), seconds(&known)),
        unknown: Measured::of(unknown.clone(), seconds(&unknown)),
    })
}

/// Microseconds of the answer, and what it was.
async fn knock(
    bench: &Bench<'_>,
    door: Door,
    number: u32,
    place: u32,
) -> Result<(u32, String), String> {
    let [_, _, c, d] = place.to_be_bytes();
    let offset = match door {
        Door::Password => 200,
        Door::Recovery => 210,
        Door::Registration => 220,
        Door::Code => 230,
    };
    let source = Ipv4Addr::new(127, offset, c, d.max(1));
    let mut browser = Browser::open(&bench.ours.authority, source).await?;
    let (page, button, typed) = door.form(number);
    let mut form = browser.form_of(page, button).await?;
    for (field, value) in &typed {
        form.set(field, value);
    }
    let begun = Instant::now();
    let answer = browser.send(page, &form).await?;
    let micros = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    Ok((micros, answer))
}

/// How likely one of the first is slower than one of the others: the statistic of
/// Mann and Whitney, over the number of pairs.
fn slower(first: &[u32], others: &[u32]) -> f64 {
    let mut sorted = others.to_vec();
    sorted.sort_unstable();
    let won: usize = first
        .iter()
        .map(|one| {
            let below = sorted.partition_point(|other| other < one);
            let up_to = sorted.partition_point(|other| other <= one);
            below + up_to
        })
        .sum();
    won as f64 / 2.0 / (first.len() * others.len()) as f64
}
