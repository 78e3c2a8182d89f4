//! The public interface as committed listings, `api/rust.txt` and `api/python.txt`, so that a change of it is seen in review
//! and judged by SemVer.

pub mod python;
pub mod rust;
