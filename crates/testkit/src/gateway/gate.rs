//! Charges that wait until a test lets them go on, and how many there are at the same time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::FakeGateway;

/// Where a call to `charge` waits until the test lets it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// On its way to the processor.
    Before,
    /// Done, with the answer on its way back.
    After,
}

#[derive(Debug)]
pub(super) struct Gate {
    arrived: Semaphore,
    open: Semaphore,
}

/// How many charges are under way.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    now: usize,
    most: usize,
}

impl FakeGateway {
    /// Makes every charge wait from now on; see [`FakeGateway::arrived`] and [`FakeGateway::release`].
    pub fn hold(&self, hold: Hold) {
        let gate = Gate { arrived: Semaphore::new(0), open: Semaphore::new(0) };
        self.state().held = Some((hold, Arc::new(gate)));
    }

    /// Waits until a charge waits.
    pub async fn arrived(&self) {
        let gate = self.state().held.clone().expect("charges are held").1;
        gate.arrived.acquire().await.expect("the gate is not closed").forget();
    }

    /// Lets the charges that wait go on, and holds no other.
    pub fn release(&self) {
        if let Some((_, gate)) = self.state().held.take() {
            gate.open.add_permits(Semaphore::MAX_PERMITS >> 1);
        }
    }

    /// Lets one of the charges that wait go on.
    pub fn release_one(&self) {
        let gate = self.state().held.clone().expect("charges are held").1;
        gate.open.add_permits(1);
    }

    /// The most charges that were under way at the same time.
    pub fn most_at_once(&self) -> usize {
        self.state().crowd.most
    }

    /// Is counted as long as it is under way.
    pub(super) async fn crowded<T>(&self, charge: impl Future<Output = T>) -> T {
        self.state().crowd.enter();
        let outcome = charge.await;
        self.state().crowd.now -= 1;
        outcome
    }

    pub(super) async fn wait(&self, here: Hold) {
        let held = self.state().held.clone();
        if let Some((_, gate)) = held.filter(|(hold, _)| *hold == here) {
            gate.arrived.add_permits(1);
            gate.open.acquire().await.expect("the gate is not closed").forget();
        }
    }
}

impl Crowd {
    fn enter(&mut self) {
        self.now += 1;
        self.most = self.most.max(self.now);
    }
}
