//! Column types of the newtypes, for both engines. Only with feature `sqlx`.
//!
//! Date and Timestamp are DATE and TIMESTAMPTZ on PostgreSQL and text on SQLite, where the text
//! has a fixed width so that it sorts as time does. Decimals are NUMERIC and TEXT. Enums are their
//! own names.

/// An enum whose variants have one name each, everywhere: on the wire, in the database, in logs.
///
/// `names!(Status { Active => "Active", … })` gives `ALL`, `as_str`, `Display`, `FromStr` and,
/// with feature `sqlx`, the column type.
#[macro_export]
macro_rules! names {
    ($type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $($type::$variant => $name),+ }
            }

            /// Every name, for messages: `Days, Weeks, Months`.
            pub fn names() -> String {
                Self::ALL.iter().map(|v| v.as_str()).collect::<Vec<_>>().join(", ")
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
                    .ok_or_else(|| format!("must be one of {}", Self::names()))
            }
        }

        $crate::text_column!($type);
    };
}

/// A column that is text on both engines, for a type with `Display` and `FromStr`.
#[macro_export]
macro_rules! text_column {
    ($type:ty) => {
        #[cfg(feature = "sqlx")]
        const _: () = {
            use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

            impl<DB: Database> Type<DB> for $type
            where
                str: Type<DB>,
            {
                fn type_info() -> DB::TypeInfo {
                    <str as Type<DB>>::type_info()
                }
                fn compatible(ty: &DB::TypeInfo) -> bool {
                    <str as Type<DB>>::compatible(ty)
                }
            }
            impl<'q, DB: Database> Encode<'q, DB> for $type
            where
                String: Encode<'q, DB>,
            {
                fn encode_by_ref(&self, buf: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                    Encode::<DB>::encode(self.to_string(), buf)
                }
            }
            impl<'r, DB: Database> Decode<'r, DB> for $type
            where
                &'r str: Decode<'r, DB>,
            {
                fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                    Ok(<&str as Decode<DB>>::decode(value)?.parse::<$type>()?)
                }
            }
        };
    };
}

#[cfg(feature = "sqlx")]
mod engines {
    use jiff::civil;
    use rust_decimal::Decimal;
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::postgres::types::Oid;
    use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
    use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
    use sqlx::{Decode, Encode, Postgres, Sqlite, Type};

    use crate::dates::{Date, Timestamp};
    use crate::money::{Price, Quantity};

    /// PostgreSQL counts dates in days and times in microseconds from here.
    const POSTGRES_EPOCH: civil::Date = civil::date(2000, 1, 1);
    const POSTGRES_EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

    macro_rules! text_on_sqlite {
        ($type:ty) => {
            impl Type<Sqlite> for $type {
                fn type_info() -> SqliteTypeInfo {
                    <str as Type<Sqlite>>::type_info()
                }
            }
            impl Encode<'_, Sqlite> for $type {
                fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
                    Encode::<Sqlite>::encode(self.to_string(), buf)
                }
            }
            impl<'r> Decode<'r, Sqlite> for $type {
                fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
                    Ok(<&str as Decode<Sqlite>>::decode(value)?.parse::<$type>()?)
                }
            }
        };
    }

    text_on_sqlite!(Date);
    text_on_sqlite!(Timestamp);
    text_on_sqlite!(Price);
    text_on_sqlite!(Quantity);

    /// The same on every server (`pg_type.dat`). A type that is given by name has each new connection ask for its number,
    /// which takes the server milliseconds.
    const DATE: Oid = Oid(1082);
    const TIMESTAMPTZ: Oid = Oid(1184);

    impl Type<Postgres> for Date {
        fn type_info() -> PgTypeInfo {
            PgTypeInfo::with_oid(DATE)
        }
    }
    impl Encode<'_, Postgres> for Date {
        fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            let days = (self.0 - POSTGRES_EPOCH).get_days();
            Encode::<Postgres>::encode(days, buf)
        }
    }
    impl<'r> Decode<'r, Postgres> for Date {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            let days = i32::from_be_bytes(value.as_bytes()?.try_into()?);
            Ok(Date(POSTGRES_EPOCH.checked_add(jiff::Span::new().try_days(days)?)?))
        }
    }

    impl Type<Postgres> for Timestamp {
        fn type_info() -> PgTypeInfo {
            PgTypeInfo::with_oid(TIMESTAMPTZ)
        }
    }
    impl Encode<'_, Postgres> for Timestamp {
        fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Postgres>::encode(self.0.as_microsecond() - POSTGRES_EPOCH_MICROSECONDS, buf)
        }
    }
    impl<'r> Decode<'r, Postgres> for Timestamp {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            let micros = i64::from_be_bytes(value.as_bytes()?.try_into()?);
            Ok(Timestamp(jiff::Timestamp::from_microsecond(micros + POSTGRES_EPOCH_MICROSECONDS)?))
        }
    }

    macro_rules! numeric_on_postgres {
        ($type:ident) => {
            impl Type<Postgres> for $type {
                fn type_info() -> PgTypeInfo {
                    <Decimal as Type<Postgres>>::type_info()
                }
            }
            impl Encode<'_, Postgres> for $type {
                fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                    Encode::<Postgres>::encode_by_ref(&self.0, buf)
                }
            }
            impl<'r> Decode<'r, Postgres> for $type {
                fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
                    Ok($type(Decode::<Postgres>::decode(value)?))
                }
            }
        };
    }

    numeric_on_postgres!(Price);
    numeric_on_postgres!(Quantity);
}
