//! Whoever charges many customers asks the processor about so many at a time, and no more.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

/// With the half minute that a processor has for its answer still less than the minute after which a job asks what became
/// of the payment: who comes too late must not charge what the job has found was never asked for.
const PATIENCE: Duration = Duration::from_secs(25);

/// Room at the processor.
pub(crate) struct Turns {
    room: Semaphore,
    patience: Duration,
}

impl Turns {
    pub fn at_processor(at_once: usize) -> Arc<Turns> {
        Arc::new(Turns { room: Semaphore::new(at_once), patience: PATIENCE })
    }

    /// Asks when there is room, first come, first served. `None`: there was none in time, and nobody was asked.
    pub async fn take<T>(&self, ask: impl AsyncFnOnce() -> T) -> Option<T> {
        let _turn = timeout(self.patience, self.room.acquire()).await.ok()?.ok()?;
        Some(ask().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_too_long_does_not_ask() {
        let turns = Turns { room: Semaphore::new(1), patience: Duration::ZERO };
        let both = turns.take(async || turns.take(async || "asked").await).await;
        assert_eq!(both, Some(None), "the first one is still there");
        assert_eq!(turns.take(async || "asked").await, Some("asked"), "it has made room");
    }
}
