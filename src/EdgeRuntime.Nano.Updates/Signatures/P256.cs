namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Verifies ECDSA signatures over the curve P-256 (FIPS 186-5; SEC 2, secp256r1). Nothing here is secret, so that the time may depend on the
    /// numbers; signing is left to a PC.
    /// </summary>
    internal sealed class P256
    {
        private const int NumberBytes = 32;

        private readonly PrimeField field;
        private readonly Montgomery order;
        private readonly uint[] b;
        private readonly uint[] one;
        private readonly uint[][] temporaries = new uint[6][];

        internal P256()
        {
            field = new PrimeField();
            order = new Montgomery(new uint[] { 0xFC632551, 0xF3B9CAC2, 0xA7179E84, 0xBCE6FAAD, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0xFFFFFFFF });
            b = Entered(new uint[] { 0x27D2604B, 0x3BCE3C3E, 0xCC53B0F6, 0x651D06B0, 0x769886BC, 0xB3EBBD55, 0xAA3A93E7, 0x5AC635D8 });
            one = Entered(new uint[] { 1, 0, 0, 0, 0, 0, 0, 0 });
            for (int i = 0; i < temporaries.Length; i++)
            {
                temporaries[i] = new uint[Montgomery.Limbs];
            }
        }

        /// <summary>Whether 64 bytes, x and y big endian, are a point of the curve.</summary>
        internal bool IsOnCurve(byte[] bytes, int offset)
        {
            uint[] x = Number(bytes, offset);
            uint[] y = Number(bytes, offset + NumberBytes);
            if (!field.IsBelow(x) || !field.IsBelow(y))
            {
                return false;
            }

            // y² = x³ − 3x + b.
            field.Enter(x, x);
            field.Enter(y, y);
            uint[] right = new uint[Montgomery.Limbs];
            field.Multiply(x, x, right);
            for (int i = 0; i < 3; i++)
            {
                field.Subtract(right, one, right);
            }

            field.Multiply(right, x, right);
            field.Add(right, b, right);
            field.Multiply(y, y, y);
            return Same(y, right);
        }

        /// <summary>Whether a signature of a hash is by a key.</summary>
        /// <param name="key">Holds the point, x and y, 32 bytes each and big endian.</param>
        /// <param name="keyOffset">Where.</param>
        /// <param name="hash">32 bytes.</param>
        /// <param name="signature">Holds r and s, 32 bytes each and big endian.</param>
        /// <param name="signatureOffset">Where.</param>
        internal bool Verify(byte[] key, int keyOffset, byte[] hash, byte[] signature, int signatureOffset)
        {
            uint[] r = Number(signature, signatureOffset);
            uint[] s = Number(signature, signatureOffset + NumberBytes);
            if (!IsOnCurve(key, keyOffset) || Montgomery.IsZero(r) || Montgomery.IsZero(s) || !order.IsBelow(r) || !order.IsBelow(s))
            {
                return false;
            }

            // u = hash/s and v = r/s modulo the order. Below 2 · order as the hash is, one subtraction brings it in range.
            uint[] zero = new uint[Montgomery.Limbs];
            uint[] u = Number(hash, 0);
            order.Add(u, zero, u);
            uint[] v = new uint[Montgomery.Limbs];
            uint[] w = new uint[Montgomery.Limbs];
            order.Enter(s, w);
            order.Invert(w, w);
            order.Multiply(u, w, u);
            order.Multiply(r, w, v);
            uint[][] sum = Combine(u, v, key, keyOffset);
            return !Montgomery.IsZero(sum[2]) && HasAbscissa(sum, r);
        }

        // u · G + v · Q, both multiplications in one pass over the bits.
        private uint[][] Combine(uint[] u, uint[] v, byte[] key, int keyOffset)
        {
            uint[][] generator = new uint[][]
            {
                Entered(new uint[] { 0xD898C296, 0xF4A13945, 0x2DEB33A0, 0x77037D81, 0x63A440F2, 0xF8BCE6E5, 0xE12C4247, 0x6B17D1F2 }),
                Entered(new uint[] { 0x37BF51F5, 0xCBB64068, 0x6B315ECE, 0x2BCE3357, 0x7C0F9E16, 0x8EE7EB4A, 0xFE1A7F9B, 0x4FE342E2 }),
                one,
            };
            uint[][] point = new uint[][] { Entered(Number(key, keyOffset)), Entered(Number(key, keyOffset + NumberBytes)), one };
            uint[][] both = Infinity();
            Add(both, generator);
            Add(both, point);
            uint[][] sum = Infinity();
            for (int bit = (32 * Montgomery.Limbs) - 1; bit >= 0; bit--)
            {
                Double(sum);
                bool isU = ((u[bit >> 5] >> (bit & 31)) & 1) != 0;
                bool isV = ((v[bit >> 5] >> (bit & 31)) & 1) != 0;
                if (isU || isV)
                {
                    Add(sum, !isV ? generator : isU ? both : point);
                }
            }

            return sum;
        }

        // Whether x/z² modulo the field's prime is r modulo the order, without a division.
        private bool HasAbscissa(uint[][] sum, uint[] r)
        {
            uint[] square = new uint[Montgomery.Limbs];
            field.Multiply(sum[2], sum[2], square);
            uint[] candidate = new uint[Montgomery.Limbs];
            for (int i = 0; i < Montgomery.Limbs; i++)
            {
                candidate[i] = r[i];
            }

            // r is below the order, and r + order may still be below the prime.
            for (int round = 0; round < 2; round++)
            {
                uint[] x = Entered(candidate);
                field.Multiply(x, square, x);
                if (Same(x, sum[0]))
                {
                    return true;
                }

                if (!AddOrder(candidate) || !field.IsBelow(candidate))
                {
                    return false;
                }
            }

            return false;
        }

        // False where the sum does not fit 256 bits.
        private static bool AddOrder(uint[] a)
        {
            uint[] n = new uint[] { 0xFC632551, 0xF3B9CAC2, 0xA7179E84, 0xBCE6FAAD, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0xFFFFFFFF };
            ulong carry = 0;
            for (int i = 0; i < Montgomery.Limbs; i++)
            {
                carry += (ulong)a[i] + n[i];
                a[i] = (uint)carry;
                carry >>= 32;
            }

            return carry == 0;
        }

        // A point is x/z², y/z³ (Jacobian coordinates); z is 0 for the point at infinity.
        private uint[][] Infinity()
        {
            return new uint[][] { Copy(one), Copy(one), new uint[Montgomery.Limbs] };
        }

        // "dbl-2001-b" of the Explicit-Formulas Database (Bernstein, Lange), for a = −3. Infinity stays infinity.
        private void Double(uint[][] p)
        {
            uint[] delta = temporaries[0];
            uint[] gamma = temporaries[1];
            uint[] beta = temporaries[2];
            uint[] alpha = temporaries[3];
            uint[] t = temporaries[4];
            field.Multiply(p[2], p[2], delta);
            field.Multiply(p[1], p[1], gamma);
            field.Multiply(p[0], gamma, beta);
            field.Subtract(p[0], delta, t);
            field.Add(p[0], delta, alpha);
            field.Multiply(t, alpha, alpha);
            field.Add(alpha, alpha, t);
            field.Add(alpha, t, alpha);

            // z = (y + z)² − γ − δ.
            field.Add(p[1], p[2], t);
            field.Multiply(t, t, t);
            field.Subtract(t, gamma, t);
            field.Subtract(t, delta, p[2]);

            // x = α² − 8β.
            field.Add(beta, beta, beta);
            field.Add(beta, beta, beta);
            field.Add(beta, beta, t);
            field.Multiply(alpha, alpha, p[0]);
            field.Subtract(p[0], t, p[0]);

            // y = α(4β − x) − 8γ².
            field.Subtract(beta, p[0], t);
            field.Multiply(alpha, t, t);
            field.Multiply(gamma, gamma, gamma);
            field.Add(gamma, gamma, gamma);
            field.Add(gamma, gamma, gamma);
            field.Add(gamma, gamma, gamma);
            field.Subtract(t, gamma, p[1]);
        }

        // p += q; "add-1998-cmo-2" of the same collection, with the cases that it leaves out.
        private void Add(uint[][] p, uint[][] q)
        {
            if (Montgomery.IsZero(q[2]))
            {
                return;
            }

            if (Montgomery.IsZero(p[2]))
            {
                p[0] = Copy(q[0]);
                p[1] = Copy(q[1]);
                p[2] = Copy(q[2]);
                return;
            }

            uint[] u1 = temporaries[0];
            uint[] h = temporaries[1];
            uint[] s1 = temporaries[2];
            uint[] r = temporaries[3];
            uint[] t = temporaries[4];
            uint[] hh = temporaries[5];
            bool isAffine = q[2] == one;
            if (isAffine)
            {
                Copy(p[0], u1);
                Copy(p[1], s1);
            }
            else
            {
                field.Multiply(q[2], q[2], t);
                field.Multiply(p[0], t, u1);
                field.Multiply(t, q[2], t);
                field.Multiply(p[1], t, s1);
            }

            field.Multiply(p[2], p[2], t);
            field.Multiply(q[0], t, h);
            field.Multiply(t, p[2], t);
            field.Multiply(q[1], t, r);
            field.Subtract(h, u1, h);
            field.Subtract(r, s1, r);
            if (Montgomery.IsZero(h))
            {
                if (Montgomery.IsZero(r))
                {
                    Double(p);
                    return;
                }

                p[2] = new uint[Montgomery.Limbs];
                return;
            }

            if (!isAffine)
            {
                field.Multiply(p[2], q[2], p[2]);
            }

            field.Multiply(p[2], h, p[2]);
            field.Multiply(h, h, hh);
            field.Multiply(u1, hh, u1);
            field.Multiply(hh, h, hh);

            // x = r² − h³ − 2 u1 h².
            field.Multiply(r, r, t);
            field.Subtract(t, hh, t);
            field.Subtract(t, u1, t);
            field.Subtract(t, u1, p[0]);

            // y = r(u1 h² − x) − s1 h³.
            field.Subtract(u1, p[0], t);
            field.Multiply(r, t, t);
            field.Multiply(s1, hh, s1);
            field.Subtract(t, s1, p[1]);
        }

        private uint[] Entered(uint[] number)
        {
            uint[] result = new uint[Montgomery.Limbs];
            field.Enter(number, result);
            return result;
        }

        private static uint[] Copy(uint[] a)
        {
            uint[] copy = new uint[Montgomery.Limbs];
            Copy(a, copy);
            return copy;
        }

        private static void Copy(uint[] a, uint[] result)
        {
            for (int i = 0; i < Montgomery.Limbs; i++)
            {
                result[i] = a[i];
            }
        }

        private static bool Same(uint[] a, uint[] b)
        {
            for (int i = 0; i < Montgomery.Limbs; i++)
            {
                if (a[i] != b[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static uint[] Number(byte[] bytes, int offset)
        {
            uint[] number = new uint[Montgomery.Limbs];
            for (int i = 0; i < NumberBytes; i++)
            {
                number[Montgomery.Limbs - 1 - (i >> 2)] |= (uint)bytes[offset + i] << (8 * (3 - (i & 3)));
            }

            return number;
        }
    }
}
