//! What a processor does when chance decides: mostly what it should.

use super::Script;

/// Numbers that follow from a seed (xorshift).
#[derive(Clone, Copy, Debug)]
pub struct Mood(u64);

impl Mood {
    pub fn of(seed: u64) -> Mood {
        Mood(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn script(&mut self) -> Script {
        match self.below(100) {
            0..8 => Script::Decline,
            8 => Script::DeclineForGood,
            9..11 => Script::Error,
            11..14 => Script::ApproveAndTimeOut,
            14..16 => Script::DeclineAndTimeOut,
            16..18 => Script::LoseRequest,
            _ => Script::Approve,
        }
    }

    /// Whether it can't say what became of a request.
    pub fn forgets(&mut self) -> bool {
        self.below(5) == 0
    }

    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % below
    }
}
