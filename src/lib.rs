//! Propusk.
pub mod clock;
pub mod entropy;
pub mod error;
pub mod model;
pub mod storage;
pub mod vault;
