//! Chance that can be repeated: every draw follows from a seed and a place.

/// Mixes a seed and a place into 64 bits that look drawn (`SplitMix64`'s finaliser, twice).
pub(super) fn mix(seed: u64, place: u64) -> u64 {
    scramble(scramble(seed ^ 0x9E37_79B9_7F4A_7C15).wrapping_add(place))
}

fn scramble(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// Mixes a seed and a text (FNV-1a, then scrambled: FNV alone is weak in its high bits).
pub(super) fn mix_text(seed: u64, text: &str) -> u64 {
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    mix(seed, hash)
}

/// Turns 64 drawn bits into a number from 0 up to, not including, 1.
#[expect(
    clippy::cast_precision_loss,
    reason = "53 bits are what a double holds"
)]
pub(super) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// A series of draws from one seed.
#[derive(Debug)]
pub(super) struct Dice {
    seed: u64,
    drawn: u64,
}

impl Dice {
    /// Starts a series; each purpose has its own, so that one does not shift another.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        Self {
            seed: mix_text(seed, purpose),
            drawn: 0,
        }
    }

    /// Starts the series of one numbered thing.
    pub(super) fn of(seed: u64, place: u64) -> Self {
        Self {
            seed: mix(seed, place),
            drawn: 0,
        }
    }

    /// Draws 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.drawn += 1;
        mix(self.seed, self.drawn)
    }

    /// Draws a number from 0 up to, not including, 1.
    pub(super) fn unit(&mut self) -> f64 {
        unit(self.bits())
    }

    /// Draws a whole number below `limit`; 0 if there is none.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.bits().checked_rem(limit).unwrap_or(0)
    }

    /// Draws one of the choices.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let limit = u64::try_from(choices.len()).unwrap_or(0);
        usize::try_from(self.below(limit))
            .ok()
            .and_then(|at| choices.get(at))
            .copied()
    }

    /// Draws hexadecimal digits.
    pub(super) fn hex(&mut self, digits: usize) -> String {
        let sixteens: Vec<String> = (0..digits.div_ceil(16))
            .map(|_| format!("{:016x}", self.bits()))
            .collect();
        let mut text = sixteens.concat();
        text.truncate(digits);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let mut dice = Dice::new(seed, "test");
            (dice.hex(20), dice.below(1000))
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn draws_are_spread_evenly() {
        let mut dice = Dice::new(7, "spread");
        let low = (0..10_000).filter(|_| dice.unit() < 0.1).count();
        assert!((900..1100).contains(&low), "{low} of 10,000 below 0.1");
    }
}
