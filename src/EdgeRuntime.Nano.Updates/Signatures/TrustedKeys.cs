using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// The public keys whose signatures are accepted: ECDSA P-256 with SHA-256, as <c>edge sign</c> makes them. nanoFramework has no package for
    /// it; the arithmetic is in this assembly and takes some seconds of a board.
    /// </summary>
    public sealed class TrustedKeys
    {
        // SubjectPublicKeyInfo of a P-256 key (RFC 5480): this, then 4, x and y.
        private const string Prefix = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
        private const int KeyBytes = 91;
        private const int PointOffset = 27;
        private const int ChunkBytes = 512;

        private byte[][] keys = new byte[0][];

        /// <summary>Number of keys.</summary>
        public int Count
        {
            get { return keys.Length; }
        }

        /// <summary>Adds the public key of a PEM text ("BEGIN PUBLIC KEY").</summary>
        /// <param name="pem">The text of the file that 'openssl ec -pubout' writes; with or without its first and last line.</param>
        /// <exception cref="ArgumentException">The text holds no P-256 public key.</exception>
        public void AddPem(string pem)
        {
            byte[] key = Decode(pem == null ? "" : pem);
            if (key == null || !new P256().IsOnCurve(key, PointOffset))
            {
                throw new ArgumentException("This is not a P-256 public key in PEM format; make one with 'openssl ec -in key.pem -pubout'.");
            }

            byte[][] more = new byte[keys.Length + 1][];
            Array.Copy(keys, more, keys.Length);
            more[keys.Length] = key;
            keys = more;
        }

        /// <summary>Checks a signed model.</summary>
        /// <param name="bytes">The whole file.</param>
        /// <param name="length">Bytes of the model; an undamaged signature block follows.</param>
        /// <param name="verify">False to look up the key only.</param>
        internal SignatureStatus Check(ModelBytes bytes, int length, bool verify)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                Sha256 id = new Sha256();
                id.Add(keys[i], 0, KeyBytes);
                if (Names(bytes, length, id.Finish()))
                {
                    return !verify || IsBy(keys[i], bytes, length) ? SignatureStatus.Valid : SignatureStatus.Invalid;
                }
            }

            return SignatureStatus.UnknownKey;
        }

        private static bool Names(ModelBytes bytes, int length, byte[] id)
        {
            for (int i = 0; i < id.Length; i++)
            {
                if (bytes.U8(length + SignatureBlock.KeyIdOffset + i) != id[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsBy(byte[] key, ModelBytes bytes, int length)
        {
            Sha256 hash = new Sha256();
            byte[] part = new byte[ChunkBytes];
            for (int position = 0; position < length; position += part.Length)
            {
                int count = length - position < part.Length ? length - position : part.Length;
                Copy(bytes, position, part, count);
                hash.Add(part, 0, count);
            }

            // The CRC covers the signature, so that it is not part of what is signed.
            Copy(bytes, length, part, SignatureBlock.Bytes);
            for (int i = 0; i < 4; i++)
            {
                part[SignatureBlock.CrcOffset + i] = 0;
            }

            hash.Add(part, 0, SignatureBlock.SignatureOffset);
            return new P256().Verify(key, PointOffset, hash.Finish(), part, SignatureBlock.SignatureOffset);
        }

        private static void Copy(ModelBytes bytes, int position, byte[] part, int count)
        {
            if (bytes.Array != null)
            {
                Array.Copy(bytes.Array, position, part, 0, count);
                return;
            }

            Array.Copy(bytes.Chunk(position, count), part, count);
        }

        // Null where it is not such a key.
        private static byte[] Decode(string pem)
        {
            int start = pem.IndexOf(Prefix);
            if (start < 0)
            {
                return null;
            }

            // Without the lines' ends, which nanoFramework's own decoder may not skip.
            char[] text = new char[(KeyBytes + 2) / 3 * 4];
            int count = 0;
            for (int i = start; i < pem.Length && count < text.Length && pem[i] != '-'; i++)
            {
                if (pem[i] > ' ')
                {
                    text[count++] = pem[i];
                }
            }

            if (count != text.Length)
            {
                return null;
            }

            byte[] key;
            try
            {
                key = Convert.FromBase64String(new string(text));
            }
            catch (Exception)
            {
                return null;
            }

            return key.Length == KeyBytes ? key : null;
        }
    }
}
