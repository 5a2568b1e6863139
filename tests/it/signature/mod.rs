//! Qualified electronic signatures, with certificates made by OpenSSL.

mod attacks;
mod checking;
mod entering;
