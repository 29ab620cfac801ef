//! Ids, in blocks: unique in the whole database and below 2^53 without a sequence to wait for.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use dbx::{Conn, Db, Result, q};

/// Ids fetched at once by a process.
const BLOCK: i64 = 1_000;
/// Fewer than this left, and the next block is fetched before a transaction begins.
const LOW: i64 = 200;
/// Ids fetched at once inside a transaction that needs more than were at hand.
const SPARE_BLOCK: i64 = 2_000;
const FIRST: i64 = 101;

/// The ids that this process may still hand out.
#[derive(Debug, Default)]
pub struct Ids {
    range: Mutex<Range<i64>>,
}

impl Ids {
    /// Before a transaction: inside one, a second writer would wait for the first.
    pub async fn ensure(&self, db: &Db) -> Result<()> {
        self.ensure_for(db, LOW).await
    }

    /// The same before a transaction that needs `count`, or fewer.
    pub async fn ensure_for(&self, db: &Db, count: i64) -> Result<()> {
        if self.left() >= count {
            return Ok(());
        }
        let size = BLOCK.max(count);
        let start = db.transact(async |tx| take_block(tx, size).await).await?;
        *self.range.lock().unwrap_or_else(PoisonError::into_inner) = start..start + size;
        Ok(())
    }

    pub fn take(&self) -> Option<i64> {
        self.range.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    fn left(&self) -> i64 {
        let range = self.range.lock().unwrap_or_else(PoisonError::into_inner);
        range.end - range.start
    }
}

/// Ids of one transaction that used up its process's: given back with it when it is rolled back.
#[derive(Debug, Default)]
pub struct Spare(Range<i64>);

impl Spare {
    pub async fn take(&mut self, tx: &mut Conn) -> Result<i64> {
        if self.0.is_empty() {
            let start = take_block(tx, SPARE_BLOCK).await?;
            self.0 = start..start + SPARE_BLOCK;
        }
        Ok(self.0.next().expect("a block was just taken"))
    }
}

async fn take_block(tx: &mut Conn, size: i64) -> Result<i64> {
    q!(
        tx,
        "INSERT INTO id_blocks (name, next) VALUES ('ids', $1)
         ON CONFLICT (name) DO UPDATE SET next = id_blocks.next + $2
         RETURNING next - $2",
        FIRST + size,
        size
    )
    .scalar()
    .await
}
