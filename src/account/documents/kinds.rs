//! The kinds of documents, and how the number of each is written. Passport,
//! SNILS and INN are not among them: they are part of the personal data.

use unicode_normalization::UnicodeNormalization as _;

use crate::model::digits::plain_digits;

/// A kind of document.
#[derive(Debug)]
pub struct DocumentKind {
    /// Its name in the database, in adapters and in addresses.
    pub name: &'static str,
    /// Series and number in any notation, as they are printed.
    pub number: fn(&str) -> Option<String>,
    /// Text key of what is wrong with a number that does not fit.
    pub number_problem: &'static str,
    /// Whether such documents end.
    pub ends: bool,
}

/// Every kind, in the order pages show them.
pub const KINDS: &[DocumentKind] = &[
    DocumentKind {
        name: "foreign_passport",
        number: |text| digits(text, &[2, 7]),
        number_problem: "problem-number-foreign-passport",
        ends: true,
    },
    DocumentKind {
        name: "driving_licence",
        number: |text| digits(text, &[2, 2, 6]),
        number_problem: "problem-number-driving-licence",
        ends: true,
    },
    DocumentKind {
        name: "vehicle_certificate",
        number: vehicle,
        number_problem: "problem-number-vehicle-certificate",
        ends: false,
    },
    DocumentKind {
        name: "birth_certificate",
        number: civil_status,
        number_problem: "problem-number-civil-status",
        ends: false,
    },
    DocumentKind {
        name: "marriage_certificate",
        number: civil_status,
        number_problem: "problem-number-civil-status",
        ends: false,
    },
    DocumentKind {
        name: "education_certificate",
        number: education,
        number_problem: "problem-number-education-certificate",
        ends: false,
    },
    DocumentKind {
        name: "medical_policy",
        number: |text| digits(text, &[4, 4, 4, 4]),
        number_problem: "problem-number-medical-policy",
        ends: false,
    },
];

/// The kind of this name.
pub fn find_kind(name: &str) -> Option<&'static DocumentKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Digits in groups of these lengths.
fn digits(text: &str, groups: &[usize]) -> Option<String> {
    let digits = plain_digits(&text.replace(['№', 'N'], " "))?;
    if digits.len() != groups.iter().sum::<usize>() {
        return None;
    }
    let mut rest = digits.as_str();
    let mut parts = Vec::new();
    for length in groups {
        let (part, left) = rest.split_at(*length);
        parts.push(part);
        rest = left;
    }
    Some(parts.join(" "))
}

/// Letters in capitals and digits only, other marks taken away.
fn signs(text: &str) -> Option<Vec<char>> {
    let text = text.replace('№', " ");
    let signs: Vec<char> = text
        .nfkc()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '\u{2010}'..='\u{2015}'))
        .flat_map(char::to_uppercase)
        .take(32)
        .collect();
    signs
        .iter()
        .all(|sign| sign.is_alphanumeric())
        .then_some(signs)
}

const fn is_cyrillic(sign: char) -> bool {
    matches!(sign, 'А'..='Я' | 'Ё')
}

/// Two digits, two digits or letters, six digits.
fn vehicle(text: &str) -> Option<String> {
    let signs = signs(text)?;
    let fits = signs.len() == 10
        && signs.iter().enumerate().all(|(at, sign)| match at {
            2 | 3 => sign.is_ascii_digit() || is_cyrillic(*sign),
            _ => sign.is_ascii_digit(),
        });
    fits.then(|| {
        let text: Vec<String> = [&signs[..2], &signs[2..4], &signs[4..]]
            .map(|part| part.iter().collect())
            .into();
        text.join(" ")
    })
}

/// A Roman number, two Cyrillic letters, six digits. People type the number
/// with letters of either alphabet.
fn civil_status(text: &str) -> Option<String> {
    let signs = signs(text)?;
    let (head, number) = signs.split_at_checked(signs.len().checked_sub(6)?)?;
    let (roman, letters) = head.split_at_checked(head.len().checked_sub(2)?)?;
    let roman: String = roman
        .iter()
        .map(|sign| match sign {
            'Х' => 'X',
            'У' => 'V',
            'Л' => 'L',
            '1' | 'І' => 'I',
            other => *other,
        })
        .collect();
    let fits = (1..=6).contains(&roman.len())
        && roman
            .chars()
            .all(|sign| matches!(sign, 'I' | 'V' | 'X' | 'L'))
        && letters.iter().all(|sign| is_cyrillic(*sign))
        && number.iter().all(char::is_ascii_digit);
    fits.then(|| {
        let (letters, number): (String, String) =
            (letters.iter().collect(), number.iter().collect());
        format!("{roman}-{letters} {number}")
    })
}

/// Thirteen or fourteen digits, or two or three letters and seven digits.
fn education(text: &str) -> Option<String> {
    let signs = signs(text)?;
    let letters = signs.iter().take_while(|sign| is_cyrillic(**sign)).count();
    let (series, number) = signs.split_at(letters);
    let fits = number.iter().all(char::is_ascii_digit)
        && matches!((letters, number.len()), (0, 13 | 14) | (2 | 3, 7));
    fits.then(|| {
        let (series, number): (String, String) = (series.iter().collect(), number.iter().collect());
        format!("{series} {number}").trim().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_any_notation_and_only_as_their_kind_is_written() {
        for (kind, typed, printed) in [
            ("foreign_passport", "71 № 1234567", "71 1234567"),
            ("foreign_passport", "711234567", "71 1234567"),
            ("driving_licence", "99-36 654321", "99 36 654321"),
            ("vehicle_certificate", "77 ук 123456", "77 УК 123456"),
            ("vehicle_certificate", "9901123456", "99 01 123456"),
            ("birth_certificate", "II-АГ № 123456", "II-АГ 123456"),
            ("marriage_certificate", "iii мю 000123", "III-МЮ 000123"),
            ("education_certificate", "107704 0123456", "1077040123456"),
            ("education_certificate", "ВСГ 1234567", "ВСГ 1234567"),
            ("medical_policy", "1234567890123456", "1234 5678 9012 3456"),
        ] {
            let number = find_kind(kind).unwrap().number;
            assert_eq!(number(typed).as_deref(), Some(printed), "{kind} {typed}");
            assert_eq!(
                number(printed).as_deref(),
                Some(printed),
                "{kind} {printed}"
            );
        }
        for (kind, wrong) in [
            ("foreign_passport", "7112345678"),
            ("driving_licence", "9936 65432"),
            ("vehicle_certificate", "77 QQ 123456"),
            ("birth_certificate", "АГ 123456"),
            ("birth_certificate", "II-AB 123456"),
            ("marriage_certificate", "II-А 12345Б"),
            ("education_certificate", "12345"),
            ("medical_policy", "1234 <b>"),
            ("medical_policy", ""),
            ("vehicle_certificate", ""),
            ("birth_certificate", "1"),
            ("education_certificate", ""),
        ] {
            assert_eq!(
                (find_kind(kind).unwrap().number)(wrong),
                None,
                "{kind} {wrong}"
            );
        }
    }
}
