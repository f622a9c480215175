//! How our own values stand in columns: moments and words as TEXT, cents and Rikx as BIGINT.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Any, Database, Decode, Encode, Type};

use crate::values::{Cents, Lang, Rikx, Timestamp};

type Buffer = <Any as Database>::ArgumentBuffer;
type Value<'r> = <Any as Database>::ValueRef<'r>;

/// Gives a type a TEXT column by its `Display` and a fallible reader.
#[macro_export]
macro_rules! text_column {
    ($type:ty, $read:expr) => {
        impl sqlx::Type<sqlx::Any> for $type {
            fn type_info() -> <sqlx::Any as sqlx::Database>::TypeInfo {
                <String as sqlx::Type<sqlx::Any>>::type_info()
            }
        }
        impl<'q> sqlx::Encode<'q, sqlx::Any> for $type {
            fn encode_by_ref(
                &self,
                buffer: &mut <sqlx::Any as sqlx::Database>::ArgumentBuffer,
            ) -> std::result::Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <String as sqlx::Encode<'q, sqlx::Any>>::encode(self.to_string(), buffer)
            }
        }
        impl<'r> sqlx::Decode<'r, sqlx::Any> for $type {
            fn decode(
                value: <sqlx::Any as sqlx::Database>::ValueRef<'r>,
            ) -> std::result::Result<Self, sqlx::error::BoxDynError> {
                let text = <&str as sqlx::Decode<'r, sqlx::Any>>::decode(value)?;
                let read: fn(&str) -> Option<$type> = $read;
                read(text).ok_or_else(|| format!("{text:?} is no {}", stringify!($type)).into())
            }
        }
    };
}

/// A closed list of words: an enum with the texts that stand in the database, in addresses and in the JSON answers.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every word, in the order of the definition.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as stored and shown to programs.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::text_column!($name, $name::from_word);
    };
}

text_column!(Timestamp, |text| text.parse().ok());
text_column!(Lang, Lang::from_code);

macro_rules! number_column {
    ($type:ident) => {
        impl Type<Any> for $type {
            fn type_info() -> <Any as Database>::TypeInfo {
                <i64 as Type<Any>>::type_info()
            }
        }
        impl<'q> Encode<'q, Any> for $type {
            fn encode_by_ref(&self, buffer: &mut Buffer) -> Result<IsNull, BoxDynError> {
                <i64 as Encode<'q, Any>>::encode_by_ref(&self.0, buffer)
            }
        }
        impl<'r> Decode<'r, Any> for $type {
            fn decode(value: Value<'r>) -> Result<Self, BoxDynError> {
                <i64 as Decode<'r, Any>>::decode(value).map($type)
            }
        }
    };
}

number_column!(Cents);
number_column!(Rikx);
