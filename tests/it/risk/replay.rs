//! The recorded trail, run through the rules by the command.

use std::process::Command;

use serde_json::Value;

const TRAIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/risk/trail.jsonl");

fn replay(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_propusk"))
        .args(["risk", "replay"])
        .args(arguments)
        .env_remove("PROPUSK_CONFIG")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_trail_gives_what_is_written_down() {
    let expected = std::fs::read_to_string(TRAIL.replace(".jsonl", ".txt")).unwrap();
    assert_eq!(replay(&[TRAIL]), expected);
}

#[test]
fn programs_read_the_same_as_json() {
    let all: Vec<Value> = serde_json::from_str(&replay(&["--json", TRAIL])).unwrap();
    let verdicts: Vec<_> = all
        .iter()
        .map(|line| line["verdict"].as_str().unwrap_or("-"))
        .collect();
    assert_eq!(
        verdicts,
        [
            "nothing",
            "nothing",
            "notify",
            "ask_factor",
            "-",
            "restrict",
            "nothing",
            "ask_factor",
        ]
    );
    assert_eq!(all[5]["reasons"][0]["rule"], "new_country");
    assert_eq!(all[5]["reasons"][0]["values"]["country"], "BR");
}

#[test]
fn settings_change_what_follows() {
    let folder = std::env::temp_dir().join(format!("propusk-replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("propusk.toml");
    let text = "issuer = 'https://id.example.ru'\n[risk.rules]\nimpossible_travel = 'off'\n";
    std::fs::write(&config, text).unwrap();
    let told = replay(&["--config", config.to_str().unwrap(), TRAIL]);
    assert!(!told.contains("impossible_travel"), "{told}");
    assert!(!told.contains("restrict"), "{told}");
    let trail = folder.join("broken.jsonl");
    std::fs::write(&trail, "# a remark\n{\"account\":1}\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_propusk"))
        .args(["risk", "replay", trail.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("line 2"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}
