namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Arithmetic modulo the prime of P-256, 2^256 − 2^224 + 2^192 + 2^96 − 1. Adding a multiple of it that makes the lowest element zero takes
    /// additions only, which halves a multiplication; an interpreter gains as much again by loops that are written out.
    /// </summary>
    internal sealed class PrimeField : Montgomery
    {
        internal PrimeField()
            : base(new uint[] { 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 1, 0xFFFFFFFF })
        {
        }

        /// <summary>a · b in Montgomery form; the result may be one of the operands.</summary>
        internal override void Multiply(uint[] a, uint[] b, uint[] result)
        {
            ulong a0 = a[0];
            ulong a1 = a[1];
            ulong a2 = a[2];
            ulong a3 = a[3];
            ulong a4 = a[4];
            ulong a5 = a[5];
            ulong a6 = a[6];
            ulong a7 = a[7];
            uint t0 = 0;
            uint t1 = 0;
            uint t2 = 0;
            uint t3 = 0;
            uint t4 = 0;
            uint t5 = 0;
            uint t6 = 0;
            uint t7 = 0;
            ulong t8 = 0;
            for (int i = 0; i < Limbs; i++)
            {
                ulong factor = b[i];
                ulong sum = (factor * a0) + t0;
                ulong low = (uint)sum;
                sum = (factor * a1) + t1 + (sum >> 32);
                t1 = (uint)sum;
                sum = (factor * a2) + t2 + (sum >> 32);
                t2 = (uint)sum;
                sum = (factor * a3) + t3 + (sum >> 32);
                t3 = (uint)sum;
                sum = (factor * a4) + t4 + (sum >> 32);
                t4 = (uint)sum;
                sum = (factor * a5) + t5 + (sum >> 32);
                t5 = (uint)sum;
                sum = (factor * a6) + t6 + (sum >> 32);
                t6 = (uint)sum;
                sum = (factor * a7) + t7 + (sum >> 32);
                t7 = (uint)sum;
                t8 += sum >> 32;

                // low · p: −low at 0 makes it zero, then +low at 3 and 6, −low at 7 and +low at 8. Everything moves down by one.
                t0 = t1;
                t1 = t2;
                sum = t3 + low;
                t2 = (uint)sum;
                sum = t4 + (sum >> 32);
                t3 = (uint)sum;
                sum = t5 + (sum >> 32);
                t4 = (uint)sum;
                sum = t6 + low + (sum >> 32);
                t5 = (uint)sum;

                // What is borrowed here comes from the next, where low is.
                sum = t7 + (sum >> 32) + 0x100000000 - low;
                t6 = (uint)sum;
                sum = t8 + low + (sum >> 32) - 1;
                t7 = (uint)sum;
                t8 = sum >> 32;
            }

            result[0] = t0;
            result[1] = t1;
            result[2] = t2;
            result[3] = t3;
            result[4] = t4;
            result[5] = t5;
            result[6] = t6;
            result[7] = t7;
            Reduce(t8, result);
        }
    }
}
