//! Files that banks read and write.

pub mod pain;
