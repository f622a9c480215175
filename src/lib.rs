//! Drempel.

pub mod infra {
    //! Floor 1: each part wraps one thing outside the program.
    pub mod sandbox;
}
