//! What signatures stand on.

#[path = "../../src/model/certified_algorithm.rs"]
pub mod certified_algorithm;
#[path = "../../src/model/timestamp.rs"]
pub mod timestamp;
