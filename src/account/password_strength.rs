//! How strong a password is and what would make it stronger (requirement C5).
//! The rules say what is refused; this is advice and refuses nothing.

use std::time::Duration;

use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::feedback::Suggestion;

use super::personal::PersonalParts;
use super::{Accounts, breached};
use crate::error::Result;
use crate::model::secret::Secret;
use crate::texts::key;

/// How strong a password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strength {
    /// From 0 (guessed at once) to [`Strength::MOST`] (very strong).
    pub score: u8,
    /// What would make it stronger, if there is anything to advise.
    pub advice: Option<Advice>,
}

impl Strength {
    /// The highest score.
    pub const MOST: u8 = 4;
    /// The score of a fair password; one below it is weak.
    pub const FAIR: u8 = 2;
    /// The score from which a password is good.
    pub const GOOD: u8 = 3;

    /// That of a password which guessers have on their lists.
    const KNOWN: Self = Self {
        score: 0,
        advice: Some(Advice::Words),
    };

    /// The key of the text that names the score.
    pub const fn key(self) -> &'static str {
        match self.score {
            Self::MOST.. => key("password-strength-strong"),
            Self::GOOD => key("password-strength-good"),
            Self::FAIR => key("password-strength-fair"),
            _ => key("password-strength-weak"),
        }
    }
}

/// What makes a password stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// More words, and rarer ones.
    Words,
    /// No rows of keys or of the alphabet.
    Sequences,
    /// No word or sign over again.
    Repeats,
    /// No dates.
    Dates,
    /// No capitals, look-alikes and words turned round as the only means.
    Substitutions,
}

impl Advice {
    /// Every advice.
    pub const ALL: [Self; 5] = [
        Self::Words,
        Self::Sequences,
        Self::Repeats,
        Self::Dates,
        Self::Substitutions,
    ];

    /// The key of its text.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Words => key("password-advice-words"),
            Self::Sequences => key("password-advice-sequences"),
            Self::Repeats => key("password-advice-repeats"),
            Self::Dates => key("password-advice-dates"),
            Self::Substitutions => key("password-advice-substitutions"),
        }
    }

    const fn of(suggestion: Suggestion) -> Option<Self> {
        match suggestion {
            Suggestion::UseAFewWordsAvoidCommonPhrases | Suggestion::AddAnotherWordOrTwo => {
                Some(Self::Words)
            }
            Suggestion::UseALongerKeyboardPatternWithMoreTurns | Suggestion::AvoidSequences => {
                Some(Self::Sequences)
            }
            Suggestion::AvoidRepeatedWordsAndCharacters => Some(Self::Repeats),
            Suggestion::AvoidRecentYears
            | Suggestion::AvoidYearsThatAreAssociatedWithYou
            | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => Some(Self::Dates),
            Suggestion::CapitalizationDoesntHelpVeryMuch
            | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase
            | Suggestion::ReversedWordsArentMuchHarderToGuess
            | Suggestion::PredictableSubstitutionsDontHelpVeryMuch => Some(Self::Substitutions),
            // The rules do ask for them.
            Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => None,
        }
    }
}

/// The estimate looks at the beginning only: its time grows with the square of
/// the length, and no tail makes a password weaker.
const LOOKED_AT: usize = 24;

/// Estimates by what a guesser would try first.
pub fn strength(password: &str, personal: &PersonalParts) -> Strength {
    let whole: String = password.nfc().collect();
    if breached::is_common(&whole) {
        return Strength::KNOWN;
    }
    let start: String = whole.chars().take(LOOKED_AT).collect();
    let mut known = personal.words();
    known.extend(breached::common());
    let as_typed = estimate(&start, &known);
    // The estimator's lists hold Russian words as they leak: typed with the
    // keyboard switched to Latin.
    match on_latin_keys(&start).map(|latin| estimate(&latin, &known)) {
        Some(switched) if switched.score < as_typed.score => switched,
        _ => as_typed,
    }
}

fn estimate(password: &str, known: &[&str]) -> Strength {
    let estimate = zxcvbn::zxcvbn(password, known);
    let suggestions = estimate
        .feedback()
        .map_or(&[][..], |feedback| feedback.suggestions());
    let found = || suggestions.iter().copied().filter_map(Advice::of);
    // More words are always suggested first; whatever else is says more.
    let advice = found()
        .find(|advice| *advice != Advice::Words)
        .or_else(|| found().next());
    Strength {
        score: u8::from(estimate.score()),
        advice,
    }
}

/// Rows of the keyboard in Russian and in Latin.
const KEYS: [(&str, &str); 3] = [
    ("ёйцукенгшщзхъ", "`qwertyuiop[]"),
    ("фывапролджэ", "asdfghjkl;'"),
    ("ячсмитьбю", "zxcvbnm,."),
];

/// What the keys of a Russian password write in Latin; none if it has no
/// Russian letter.
fn on_latin_keys(password: &str) -> Option<String> {
    let switched = |c: char| {
        let mut rows = KEYS.iter();
        rows.find_map(|(russian, latin)| {
            let at = russian.chars().position(|key| key == c)?;
            latin.chars().nth(at)
        })
    };
    let lower = password.to_lowercase();
    let latin: String = lower.chars().map(|c| switched(c).unwrap_or(c)).collect();
    (latin != lower).then_some(latin)
}

/// Estimates go one by one, so that those who send the slowest passwords there
/// are keep one thread busy and no more.
static TURN: Semaphore = Semaphore::const_new(1);
/// Who would wait longer is better served with no estimate.
const PATIENCE: Duration = Duration::from_secs(2);

impl Accounts {
    /// How strong a password is that somebody of these parts typed; none when
    /// nothing was typed, or when it cannot be estimated now.
    ///
    /// # Errors
    /// When the file of breached passwords cannot be read.
    pub async fn strength(
        &self,
        password: &Secret,
        personal: &PersonalParts,
    ) -> Result<Option<Strength>> {
        if password.expose().is_empty() {
            return Ok(None);
        }
        if let Some(file) = &self.breached
            && file.contains(password.expose())?
        {
            return Ok(Some(Strength::KNOWN));
        }
        let Ok(Ok(turn)) = tokio::time::timeout(PATIENCE, TURN.acquire()).await else {
            return Ok(None);
        };
        let (password, personal) = (password.clone(), personal.clone());
        let estimated = tokio::task::spawn_blocking(move || {
            // Given back when the work is done, even if nobody waits any more.
            let _turn = turn;
            strength(password.expose(), &personal)
        });
        // A fault of the estimator's is no reason to lose the page.
        Ok(estimated.await.ok())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::profile::Profile;
    use crate::texts::{Lang, Texts};

    fn of(password: &str) -> Strength {
        strength(password, &PersonalParts::default())
    }

    #[test]
    fn it_rises_with_what_a_guesser_must_try() {
        let rising = [
            ("Qwerty123!", 0),
            ("Zaq12wsx!", 1),
            ("x9$Kd!pQ", 2),
            ("x9$Kd!pQ-z", 3),
            ("Лодка7+берег-mJ4kw", Strength::MOST),
        ];
        for (password, score) in rising {
            let strength = of(password);
            assert_eq!(strength.score, score, "{password}");
            let advised = strength.advice.is_some();
            assert_eq!(advised, score < Strength::GOOD, "{password}");
        }
    }

    #[test]
    fn russian_words_are_no_stronger_than_english_ones() {
        for password in ["Пароль123!", "Привет-2024", "Фываолдж1!", "Александр7!"]
        {
            let strength = of(password);
            assert!(strength.score <= Strength::FAIR, "{password}: {strength:?}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_adds_nothing() {
        let profile = Profile {
            family_name: "Громозекина".to_owned(),
            ..Profile::default()
        };
        let parts = PersonalParts::of(&profile, []);
        let hers = strength("Громозекина-7", &parts);
        assert!(hers.score < of("Громозекина-7").score, "{hers:?}");
    }

    #[test]
    fn the_most_telling_advice_is_given() {
        for (password, advice) in [
            ("x9$Kd!pQ", Advice::Words),
            ("Qwerty123!", Advice::Words),
            ("абвгд-1Я", Advice::Sequences),
            ("aB3!aB3!", Advice::Repeats),
            ("24.03.1990", Advice::Dates),
            ("Zaq12wsx!", Advice::Substitutions),
        ] {
            assert_eq!(of(password).advice, Some(advice), "{password}");
        }
    }

    #[test]
    fn everything_it_says_has_a_text_in_every_language() {
        let scores = (0..=Strength::MOST).map(|score| Strength {
            score,
            advice: None,
        });
        let keys = Advice::ALL.map(Advice::key).into_iter();
        for key in keys.chain(scores.map(Strength::key)) {
            let said = Lang::ALL.map(|lang| Texts(lang).t(key));
            assert!(said.iter().all(|text| text != key), "{key}");
            assert_ne!(said[0], said[1], "{key} is in one language only");
        }
    }

    #[test]
    fn the_keyboard_is_switched_key_by_key() {
        assert_eq!(on_latin_keys("Пароль-1").as_deref(), Some("gfhjkm-1"));
        assert_eq!(on_latin_keys("Parol-1"), None);
        for (russian, latin) in KEYS {
            assert_eq!(russian.chars().count(), latin.chars().count());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn no_text_breaks_the_estimate(password in "\\PC{0,40}") {
            prop_assert!(of(&password).score <= Strength::MOST);
        }
    }
}
