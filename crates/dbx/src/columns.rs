//! Many rows for PostgreSQL as an array for each column: one text for any number of rows, a few arguments instead of
//! thousands, and less for the server to do.

use std::fmt::Write;

use sqlx::Postgres;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments, Type};

use crate::bulk::Puts;
use crate::query::Bind;

/// How the text of [`unnest`] begins.
pub(crate) const UNNEST: &str = "SELECT UNNEST(";

/// `SELECT UNNEST($1), UNNEST($2), …`: the rows of so many columns. `FROM UNNEST($1, $2, …)` would put all rows aside
/// before the first is used, a quarter of the time of a wide row.
pub(crate) fn unnest(width: usize) -> String {
    let mut sql = UNNEST.to_owned();
    for column in 1..=width {
        let before = if column == 1 { "" } else { ", UNNEST(" };
        write!(sql, "{before}${column})").expect("writing to a String can't fail");
    }
    sql
}

/// Rows, stored by column. Each row puts its values from the first column to the last.
pub(crate) struct Columns {
    columns: Vec<Option<Column>>,
    puts: usize,
}

impl Columns {
    pub(crate) fn new(width: usize) -> Self {
        Self { columns: (0..width).map(|_| None).collect(), puts: 0 }
    }

    pub(crate) fn into_arguments(self) -> Result<PgArguments, BoxDynError> {
        let mut args = PgArguments::default();
        for column in self.columns.into_iter().flatten() {
            args.add(column)?;
        }
        Ok(args)
    }
}

impl<'q> Puts<'q> for Columns {
    fn put(&mut self, value: impl Bind<'q>) -> Result<(), BoxDynError> {
        let index = self.puts % self.columns.len();
        self.puts += 1;
        self.columns[index].get_or_insert_with(|| Column::new(&element_of(&value))).push(value)
    }
}

fn element_of<'q, T: Bind<'q>>(_: &T) -> PgTypeInfo {
    <T as Type<Postgres>>::type_info()
}

/// The elements of an array as PostgreSQL takes them: each with its length before it, or -1 for NULL.
struct Column {
    oids: Option<(u32, u32)>,
    bytes: PgArgumentBuffer,
    count: usize,
    has_null: bool,
}

const LENGTH: usize = size_of::<i32>();

impl Column {
    fn new(element: &PgTypeInfo) -> Self {
        Self { oids: oids(element), bytes: PgArgumentBuffer::default(), count: 0, has_null: false }
    }

    fn push<'q>(&mut self, value: impl Bind<'q>) -> Result<(), BoxDynError> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; LENGTH]);
        let length = match Encode::<Postgres>::encode(value, &mut self.bytes)? {
            IsNull::Yes => {
                self.has_null = true;
                -1
            }
            IsNull::No => i32::try_from(self.bytes.len() - start - LENGTH)?,
        };
        self.bytes[start..start + LENGTH].copy_from_slice(&length.to_be_bytes());
        self.count += 1;
        Ok(())
    }
}

impl Type<Postgres> for Column {
    /// Never asked for: [`Encode::produces`] knows the elements.
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("anyarray")
    }
}

impl Encode<'_, Postgres> for Column {
    fn produces(&self) -> Option<PgTypeInfo> {
        self.oids.map(|(_, array)| PgTypeInfo::with_oid(Oid(array)))
    }

    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let (element, _) = self.oids.ok_or("a type without array")?;
        let dimensions = 1i32;
        let first_index = 1i32;
        buf.extend_from_slice(&dimensions.to_be_bytes());
        buf.extend_from_slice(&i32::from(self.has_null).to_be_bytes());
        buf.extend_from_slice(&element.to_be_bytes());
        buf.extend_from_slice(&i32::try_from(self.count)?.to_be_bytes());
        buf.extend_from_slice(&first_index.to_be_bytes());
        buf.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }
}

/// PostgreSQL's numbers of a type and of its array, the same on every server (`pg_type.dat`).
const ARRAYS: [(u32, u32); 9] = [
    (16, 1000),   // BOOL
    (17, 1001),   // BYTEA
    (20, 1016),   // INT8
    (23, 1007),   // INT4
    (25, 1009),   // TEXT
    (1082, 1182), // DATE
    (1184, 1185), // TIMESTAMPTZ
    (1700, 1231), // NUMERIC
    (3802, 3807), // JSONB
];

fn oids(element: &PgTypeInfo) -> Option<(u32, u32)> {
    let Oid(element) = element.oid()?;
    ARRAYS.into_iter().find(|(of, _)| *of == element)
}
