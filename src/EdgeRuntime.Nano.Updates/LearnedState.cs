using System;
using System.IO;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Keeps what a model has learned on the device beside the model: two files in turn, each with a number, a length and a CRC-32, so that a
    /// loss of power leaves the state before or the new one. What the bytes mean, and which model they belong to, is checked by whoever takes
    /// them (<c>AdaptiveClassifier.Restore</c> of EdgeInference.Nano.Adaptation).
    /// </summary>
    public sealed class LearnedState
    {
        // "EDGK", little endian; then the number and the length.
        private const int Magic = 0x4B474445;
        private const int HeaderBytes = 12;
        private const int CrcBytes = 4;

        private readonly IModelStorage storage;

        /// <summary>Keeps states in a storage, that of the models or another.</summary>
        /// <exception cref="ArgumentNullException"><paramref name="storage"/> is null.</exception>
        public LearnedState(IModelStorage storage)
        {
            if (storage == null)
            {
                throw new ArgumentNullException(nameof(storage));
            }

            this.storage = storage;
        }

        /// <summary>The last state that was kept whole, null where there is none.</summary>
        public byte[] Load()
        {
            byte[] first = File(0);
            byte[] second = File(1);
            byte[] file = first == null || (second != null && IsLater(second, first)) ? second : first;
            if (file == null)
            {
                return null;
            }

            byte[] state = new byte[file.Length - HeaderBytes - CrcBytes];
            Array.Copy(file, HeaderBytes, state, 0, state.Length);
            return state;
        }

        /// <summary>Keeps a state. Until it is whole, the one before counts.</summary>
        /// <param name="state">What <c>AdaptiveClassifier.Save</c> gave.</param>
        /// <exception cref="ArgumentNullException"><paramref name="state"/> is null.</exception>
        /// <exception cref="IOException">What was read back is not what was written; the state before stays.</exception>
        public void Save(byte[] state)
        {
            if (state == null)
            {
                throw new ArgumentNullException(nameof(state));
            }

            byte[] first = File(0);
            byte[] second = File(1);
            bool isFirstLater = first != null && (second == null || !IsLater(second, first));
            byte[] last = isFirstLater ? first : second;
            int slot = isFirstLater ? 1 : 0;
            byte[] file = new byte[HeaderBytes + state.Length + CrcBytes];
            Array.Copy(BitConverter.GetBytes(Magic), 0, file, 0, 4);
            Array.Copy(BitConverter.GetBytes(last == null ? 1 : Number(last) + 1), 0, file, 4, 4);
            Array.Copy(BitConverter.GetBytes(state.Length), 0, file, 8, 4);
            Array.Copy(state, 0, file, HeaderBytes, state.Length);
            Array.Copy(BitConverter.GetBytes(Crc32.Of(file, file.Length - CrcBytes)), 0, file, file.Length - CrcBytes, CrcBytes);
            storage.Delete(Name(slot));
            storage.Append(Name(slot), file, 0, file.Length);
            storage.Flush(Name(slot));
            byte[] written = File(slot);
            if (written == null || Number(written) != Number(file) || written.Length != file.Length)
            {
                throw new IOException("What was learned could not be read back from '" + Name(slot) + "'; what was kept before stays.");
            }
        }

        /// <summary>Forgets all states: the model is as the factory made it at the next start.</summary>
        public void Clear()
        {
            storage.Delete(Name(0));
            storage.Delete(Name(1));
        }

        private static string Name(int slot)
        {
            return slot == 0 ? "learn_a.edl" : "learn_b.edl";
        }

        private static int Number(byte[] file)
        {
            return BitConverter.ToInt32(file, 4);
        }

        // Numbers go round; of two that are kept one follows the other.
        private static bool IsLater(byte[] one, byte[] other)
        {
            return Number(one) - Number(other) > 0;
        }

        // A file that is whole, else null.
        private byte[] File(int slot)
        {
            int length = storage.Length(Name(slot));
            if (length < HeaderBytes + CrcBytes)
            {
                return null;
            }

            byte[] bytes = new byte[length];
            new SlotReader(storage, Name(slot)).Fill(0, bytes, length);
            bool isWhole = BitConverter.ToInt32(bytes, 0) == Magic
                && BitConverter.ToInt32(bytes, 8) == length - HeaderBytes - CrcBytes
                && BitConverter.ToUInt32(bytes, length - CrcBytes) == Crc32.Of(bytes, length - CrcBytes);
            return isWhole ? bytes : null;
        }
    }
}
