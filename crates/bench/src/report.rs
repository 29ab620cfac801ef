//! The figures as a plain table.

use std::time::Duration;

use anyhow::Result;

use crate::load::Slice;
use crate::program::Memory;
use crate::say;

const IDLE_KIB_MAX: u64 = 60 * 1024;
const START_MAX: Duration = Duration::from_secs(1);

/// Of one comparison, slice by slice; the n-th of both were taken one after the other.
pub struct Figures {
    pub name: &'static str,
    /// The ratio to the floor that is wanted.
    pub goal: Option<f64>,
    pub body_bytes: usize,
    pub server: Vec<Slice>,
    pub floor: Vec<Slice>,
}

/// What is wanted of the server besides speed.
pub struct Limits {
    pub starts: Vec<Duration>,
    pub idle: Memory,
    pub busy: Memory,
}

pub fn print(figures: &[Figures], limits: &Limits) -> Result<()> {
    print_pairs(figures)?;
    let start = median(limits.starts.iter().map(Duration::as_secs_f64));
    let goal = START_MAX.as_secs_f64();
    say(&format!("  start to listening: {start:.2} s (at most {goal:.2} s)  {}", verdict(start <= goal)))?;
    let (idle, busy) = (limits.idle, limits.busy);
    let max = mebibytes(IDLE_KIB_MAX);
    let verdict = verdict(idle.resident <= IDLE_KIB_MAX);
    say(&format!("  resident, idle: {:.1} MiB (at most {max:.0} MiB)  {verdict}", mebibytes(idle.resident)))?;
    say(&format!(
        "  not mapped from files: {:.1} MiB idle, {:.1} MiB after the load (resident {:.1} MiB)",
        mebibytes(idle.anonymous),
        mebibytes(busy.anonymous),
        mebibytes(busy.resident)
    ))
}

pub fn print_pairs(figures: &[Figures]) -> Result<()> {
    head()?;
    for figures in figures {
        let ratio = figures.ratio();
        let tail = match figures.goal {
            Some(goal) => format!("{ratio:>8.2}{goal:>8.2}  {}", verdict(ratio >= goal)),
            None => format!("{ratio:>8.2}"),
        };
        say(&row(figures.name, &figures.server, &tail))?;
        say(&row(&format!("  floor, {} bytes", figures.body_bytes), &figures.floor, ""))?;
    }
    Ok(())
}

/// What is measured without a floor.
pub fn print_alone(rows: &[(&str, Vec<Slice>)]) -> Result<()> {
    head()?;
    rows.iter().try_for_each(|(name, slices)| say(&row(name, slices, "")))
}

fn head() -> Result<()> {
    say(&format!(
        "  {:<28}{:>11}{:>10}{:>10}{:>12}{:>8}{:>8}",
        "", "requests/s", "p50 ms", "p99 ms", "CPU µs each", "ratio", "goal"
    ))
}

impl Figures {
    /// The median of the rounds' ratios: in a round the machine was about as busy for both.
    fn ratio(&self) -> f64 {
        median(self.server.iter().zip(&self.floor).map(|(server, floor)| server.rate / floor.rate))
    }
}

fn row(name: &str, slices: &[Slice], tail: &str) -> String {
    let rate = median(slices.iter().map(|slice| slice.rate));
    let p50 = median(slices.iter().map(|slice| percentile(&slice.latencies, 50)));
    let p99 = median(slices.iter().map(|slice| percentile(&slice.latencies, 99)));
    let processor = median(slices.iter().map(|slice| slice.processor));
    format!("  {name:<28}{rate:>11.0}{p50:>10.2}{p99:>10.2}{processor:>12.0}{tail}")
}

/// In milliseconds, of sorted microseconds.
pub fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = sorted.len() * percent / 100;
    sorted.get(at.min(sorted.len().saturating_sub(1))).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub fn verdict(is_met: bool) -> &'static str {
    if is_met { "ok" } else { "missed" }
}

pub fn mebibytes(kibibytes: u64) -> f64 {
    f64::from(u32::try_from(kibibytes).unwrap_or(u32::MAX)) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_taken_from_the_middle() {
        assert!((median([9.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
        let sorted: Vec<u32> = (1..=1000).collect();
        assert!((percentile(&sorted, 50) - 0.501).abs() < f64::EPSILON);
        assert!((percentile(&sorted, 99) - 0.991).abs() < f64::EPSILON);
        assert!((mebibytes(60 * 1024) - 60.0).abs() < f64::EPSILON);
    }
}
