//! Writes the smallest databases in MaxMind's format that a reader takes: an
//! IPv4 tree with 24-bit records, and a map for each network.

use serde_json::Value;

/// A database of this type with a row for each network (`address`, `bits`).
pub fn database(kind: &str, rows: &[([u8; 4], u8, Value)]) -> Vec<u8> {
    // A node's two branches; what is no node number yet is empty.
    let mut nodes = vec![[None, None]];
    let mut data = Vec::new();
    let mut leaves = Vec::new();
    for (address, bits, row) in rows {
        let address = u32::from_be_bytes(*address);
        let bit = |depth: u8| usize::try_from(address >> (31 - depth) & 1).unwrap();
        let mut node = 0;
        for depth in 0..bits - 1 {
            node = match nodes[node][bit(depth)] {
                Some(next) => next,
                None => {
                    nodes.push([None, None]);
                    let next = nodes.len() - 1;
                    nodes[node][bit(depth)] = Some(next);
                    next
                }
            };
        }
        leaves.push((node, bit(bits - 1), data.len()));
        encode(&mut data, row);
    }
    let count = nodes.len();
    let mut out = Vec::new();
    for (number, node) in nodes.iter().enumerate() {
        for (branch, next) in node.iter().enumerate() {
            let leaf = leaves
                .iter()
                .find(|leaf| (leaf.0, leaf.1) == (number, branch));
            let record = match (next, leaf) {
                (Some(next), _) => *next,
                (None, Some(leaf)) => count + 16 + leaf.2,
                (None, None) => count,
            };
            out.extend(&u32::try_from(record).unwrap().to_be_bytes()[1..]);
        }
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    out.push(0b111_00000 | 9);
    let number = |out: &mut Vec<u8>, name: &str, kind: u8, value: u64, bytes: usize| {
        string(out, name);
        match kind {
            5 | 6 => out.push(kind << 5 | u8::try_from(bytes).unwrap()),
            _ => out.extend([u8::try_from(bytes).unwrap(), kind - 7]),
        }
        out.extend(&value.to_be_bytes()[8 - bytes..]);
    };
    number(&mut out, "node_count", 6, count as u64, 4);
    number(&mut out, "record_size", 5, 24, 2);
    number(&mut out, "ip_version", 5, 4, 2);
    number(&mut out, "binary_format_major_version", 5, 2, 2);
    number(&mut out, "binary_format_minor_version", 5, 0, 2);
    number(&mut out, "build_epoch", 9, 1_774_342_800, 8);
    string(&mut out, "database_type");
    string(&mut out, kind);
    string(&mut out, "languages");
    out.extend([0, 11 - 7]);
    string(&mut out, "description");
    out.push(0b111_00000);
    out
}

fn string(out: &mut Vec<u8>, text: &str) {
    let length = text.len();
    assert!(length < 285, "a short text");
    if length < 29 {
        out.push(2 << 5 | u8::try_from(length).unwrap());
    } else {
        out.extend([2 << 5 | 29, u8::try_from(length - 29).unwrap()]);
    }
    out.extend(text.as_bytes());
}

fn encode(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Object(members) => {
            out.push(7 << 5 | u8::try_from(members.len()).unwrap());
            for (name, value) in members {
                string(out, name);
                encode(out, value);
            }
        }
        Value::String(text) => string(out, text),
        Value::Number(number) if number.is_f64() => {
            out.push(3 << 5 | 8);
            out.extend(number.as_f64().unwrap().to_be_bytes());
        }
        Value::Number(number) => {
            out.push(6 << 5 | 4);
            out.extend(&number.as_u64().unwrap().to_be_bytes()[4..]);
        }
        other => panic!("{other} has no place in these tests"),
    }
}
