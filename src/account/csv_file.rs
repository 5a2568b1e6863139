//! Tables as files. A cell that a spreadsheet would run as a formula is
//! disarmed: the history holds words of strangers (OWASP, CSV injection).

use crate::error::{Internal, Result};

/// A table with its headings: UTF-8 with the mark by which spreadsheets know
/// it, lines as RFC 4180 has them.
///
/// # Errors
/// When a row has another number of cells than the headings.
pub fn table<R>(headings: &[String], rows: R) -> Result<Vec<u8>>
where
    R: IntoIterator<Item = Vec<String>>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(headings.iter().map(|cell| harmless(cell)))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| Internal::new(error.to_string()))
}

fn harmless(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{cell}")
        }
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["=cmd|' /C calc'!A0", "+7 900"]),
            row(["@sum", "a,\"b\"\r\nc"]),
            row(["-1", "Яна"]),
        ];
        let file = table(&row(["Время", "Браузер"]), rows).unwrap();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "\u{feff}Время,Браузер\r\n'=cmd|' /C calc'!A0,'+7 900\r\n'@sum,\"a,\"\"b\"\"\r\nc\"\r\n'-1,Яна\r\n",
        );
    }
}
