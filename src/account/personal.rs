//! Parts of a person's own data that a password must not hold: the first
//! things a guesser who knows the person tries.

use crate::model::identifier::Identifier;
use crate::model::profile::Profile;

/// What a password of this person must not hold, in lower case.
#[derive(Clone, Debug, Default)]
pub struct PersonalParts(Vec<String>);

/// Shorter parts turn up by chance.
const PART: usize = 4;

impl PersonalParts {
    /// From names, birth date and contacts.
    pub fn of<'a>(profile: &Profile, contacts: impl IntoIterator<Item = &'a Identifier>) -> Self {
        let mut parts = Self::default();
        for name in [
            &profile.family_name,
            &profile.given_name,
            &profile.middle_name,
        ] {
            let name = letters_and_digits(name);
            parts.add_windows(&name);
            parts.add_windows(&transliterated(&name));
        }
        parts.add_date(&profile.birthdate);
        for contact in contacts {
            match contact {
                Identifier::Email(email) => {
                    parts.add_windows(&letters_and_digits(email.local()));
                }
                Identifier::Phone(phone) => parts.add_digits(phone.as_str()),
                Identifier::Snils(snils) => parts.add_digits(snils.as_str()),
            }
        }
        parts.0.sort();
        parts.0.dedup();
        parts
    }

    /// Whether a password holds any of them, whatever stands between the
    /// letters.
    pub fn are_in(&self, password: &str) -> bool {
        let password = letters_and_digits(password);
        self.0.iter().any(|part| password.contains(part))
    }

    /// The parts, for the estimate of strength.
    pub(super) fn words(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    fn add_windows(&mut self, word: &str) {
        let chars: Vec<char> = word.chars().collect();
        self.0.extend(
            chars
                .windows(PART)
                .map(|part| part.iter().collect::<String>()),
        );
        // The whole word is found by its parts; to a guesser it is one try.
        if chars.len() > PART {
            self.0.push(word.to_owned());
        }
    }

    /// Four digits of a number meet by chance too often; six do not.
    fn add_digits(&mut self, number: &str) {
        let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
        self.0.extend(
            digits
                .windows(6)
                .map(|part| part.iter().collect::<String>()),
        );
    }

    fn add_date(&mut self, date: &str) {
        let mut fields = date.split('-');
        let (Some(year), Some(month), Some(day)) = (fields.next(), fields.next(), fields.next())
        else {
            return;
        };
        self.0.extend([
            year.to_owned(),
            format!("{day}{month}"),
            format!("{month}{day}"),
        ]);
    }
}

fn letters_and_digits(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// As names are spelt in Latin letters on cards and in mailboxes.
fn transliterated(name: &str) -> String {
    const TABLE: [(char, &str); 33] = [
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('д', "d"),
        ('е', "e"),
        ('ё', "e"),
        ('ж', "zh"),
        ('з', "z"),
        ('и', "i"),
        ('й', "y"),
        ('к', "k"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "kh"),
        ('ц', "ts"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('щ', "shch"),
        ('ъ', ""),
        ('ы', "y"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
    ];
    name.chars()
        .map(|c| match TABLE.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => (*to).to_owned(),
            None => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> PersonalParts {
        let profile = Profile {
            family_name: "Соколова".to_owned(),
            given_name: "Яна".to_owned(),
            middle_name: "Павловна".to_owned(),
            birthdate: "1990-03-24".to_owned(),
            ..Profile::default()
        };
        let contacts = [
            Identifier::parse("ya.soko77@example.ru").unwrap(),
            Identifier::parse("+7 912 345-67-89").unwrap(),
        ];
        PersonalParts::of(&profile, &contacts)
    }

    #[test]
    fn names_contacts_and_dates_are_found_however_hidden() {
        for password in [
            "Соколова!1",
            "СОКОЛ-9x",
            "Sokol-9x",
            "s-o-k-o-l9X!",
            "Павл-2x!",
            "Xx1990!x",
            "Zz!24.03",
            "0324Zz!",
            "yaSo!9",
            "Qq!912345",
            "Qq!345-67-89",
        ] {
            assert!(parts().are_in(password), "{password}");
        }
    }

    #[test]
    fn short_or_foreign_parts_are_not() {
        for password in ["Яна-мост!9", "Propusk-2026!", "Соки-9!xx", "Лодка7+берег"]
        {
            assert!(!parts().are_in(password), "{password}");
        }
        assert!(!PersonalParts::default().are_in("Соколова!1"));
    }
}
