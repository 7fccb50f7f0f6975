namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Arithmetic of 256-bit numbers modulo an odd one, in Montgomery form: a number a stands as a · 2^256 modulo m, eight elements of 32 bits, the
    /// low ones first. For public numbers only: the time depends on them.
    /// </summary>
    internal class Montgomery
    {
        internal const int Limbs = 8;

        private readonly uint[] modulus;
        private readonly uint[] square = new uint[Limbs];
        private readonly uint[] work = new uint[Limbs + 2];
        private readonly uint inverse;

        /// <param name="modulus">Odd and at least 2^255.</param>
        internal Montgomery(uint[] modulus)
        {
            this.modulus = modulus;

            // −1/m modulo 2^32 by Newton's iteration, each of which doubles the number of right bits; the first three are right at once.
            uint root = modulus[0];
            for (int i = 0; i < 4; i++)
            {
                root *= 2 - (modulus[0] * root);
            }

            inverse = 0 - root;

            // 2^512 modulo m, by doubling 1.
            square[0] = 1;
            for (int i = 0; i < 2 * 32 * Limbs; i++)
            {
                Add(square, square, square);
            }
        }

        internal static bool IsZero(uint[] a)
        {
            uint all = 0;
            for (int i = 0; i < Limbs; i++)
            {
                all |= a[i];
            }

            return all == 0;
        }

        /// <summary>Whether a number is below the modulus, as every operand must be.</summary>
        internal bool IsBelow(uint[] a)
        {
            for (int i = Limbs - 1; i >= 0; i--)
            {
                if (a[i] != modulus[i])
                {
                    return a[i] < modulus[i];
                }
            }

            return false;
        }

        internal void Enter(uint[] a, uint[] result)
        {
            Multiply(a, square, result);
        }

        internal void Leave(uint[] a, uint[] result)
        {
            uint[] one = new uint[Limbs];
            one[0] = 1;
            Multiply(a, one, result);
        }

        internal void Add(uint[] a, uint[] b, uint[] result)
        {
            ulong carry = 0;
            for (int i = 0; i < Limbs; i++)
            {
                carry += (ulong)a[i] + b[i];
                result[i] = (uint)carry;
                carry >>= 32;
            }

            Reduce(carry, result);
        }

        internal void Subtract(uint[] a, uint[] b, uint[] result)
        {
            ulong borrow = 0;
            for (int i = 0; i < Limbs; i++)
            {
                ulong difference = (ulong)a[i] - b[i] - borrow;
                result[i] = (uint)difference;
                borrow = (difference >> 32) & 1;
            }

            if (borrow == 0)
            {
                return;
            }

            ulong carry = 0;
            for (int i = 0; i < Limbs; i++)
            {
                carry += (ulong)result[i] + modulus[i];
                result[i] = (uint)carry;
                carry >>= 32;
            }
        }

        /// <summary>a · b in Montgomery form; the result may be one of the operands.</summary>
        internal virtual void Multiply(uint[] a, uint[] b, uint[] result)
        {
            uint[] m = modulus;
            uint[] t = work;
            for (int i = 0; i < Limbs + 2; i++)
            {
                t[i] = 0;
            }

            for (int i = 0; i < Limbs; i++)
            {
                ulong factor = b[i];
                ulong sum = 0;
                for (int k = 0; k < Limbs; k++)
                {
                    sum = (factor * a[k]) + t[k] + (sum >> 32);
                    t[k] = (uint)sum;
                }

                sum = t[Limbs] + (sum >> 32);
                t[Limbs] = (uint)sum;
                t[Limbs + 1] = (uint)(sum >> 32);

                factor = t[0] * inverse;
                sum = (factor * m[0]) + t[0];
                for (int k = 1; k < Limbs; k++)
                {
                    sum = (factor * m[k]) + t[k] + (sum >> 32);
                    t[k - 1] = (uint)sum;
                }

                sum = t[Limbs] + (sum >> 32);
                t[Limbs - 1] = (uint)sum;
                t[Limbs] = t[Limbs + 1] + (uint)(sum >> 32);
            }

            for (int i = 0; i < Limbs; i++)
            {
                result[i] = t[i];
            }

            Reduce(t[Limbs], result);
        }

        /// <summary>1/a by Fermat's theorem, for a prime modulus; 0 for 0.</summary>
        internal void Invert(uint[] a, uint[] result)
        {
            uint[] power = new uint[Limbs];
            for (int i = 0; i < Limbs; i++)
            {
                power[i] = a[i];
            }

            uint[] exponent = new uint[Limbs];
            ulong borrow = 2;
            for (int i = 0; i < Limbs; i++)
            {
                ulong difference = (ulong)modulus[i] - borrow;
                exponent[i] = (uint)difference;
                borrow = (difference >> 32) & 1;
            }

            // From the bit below the highest, which is set.
            for (int bit = (32 * Limbs) - 2; bit >= 0; bit--)
            {
                Multiply(power, power, power);
                if (((exponent[bit >> 5] >> (bit & 31)) & 1) != 0)
                {
                    Multiply(power, a, power);
                }
            }

            for (int i = 0; i < Limbs; i++)
            {
                result[i] = power[i];
            }
        }

        /// <summary>Takes the modulus off once where a sum is not below it.</summary>
        protected void Reduce(ulong carry, uint[] a)
        {
            if (carry != 0 || !IsBelow(a))
            {
                Subtract(a);
            }
        }

        private void Subtract(uint[] a)
        {
            ulong borrow = 0;
            for (int i = 0; i < Limbs; i++)
            {
                ulong difference = (ulong)a[i] - modulus[i] - borrow;
                a[i] = (uint)difference;
                borrow = (difference >> 32) & 1;
            }
        }
    }
}
