using System.IO;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Two files and a record for each. A new model goes into the slot that is not in use, is read back, and counts from the moment on that its
    /// record is whole, so that a loss of power leaves the old model or the new one. Names fit file systems with eight characters and three.
    /// </summary>
    internal sealed class ModelSlots
    {
        internal const int Count = 2;

        private readonly IModelStorage storage;

        internal ModelSlots(IModelStorage storage)
        {
            this.storage = storage;
        }

        internal static string FileName(int slot)
        {
            return slot == 0 ? "model_a.edg" : "model_b.edg";
        }

        internal static string RecordName(int slot)
        {
            return slot == 0 ? "model_a.rec" : "model_b.rec";
        }

        /// <summary>The record of a slot, null where it has none that is whole.</summary>
        internal SlotRecord Record(int slot)
        {
            if (storage.Length(RecordName(slot)) != SlotRecord.Bytes)
            {
                return null;
            }

            byte[] bytes = new byte[SlotRecord.Bytes];
            new SlotReader(storage, RecordName(slot)).Fill(0, bytes, bytes.Length);
            return SlotRecord.From(bytes);
        }

        /// <summary>Whether the file of a slot has this length and this CRC.</summary>
        internal bool Holds(int slot, int length, uint crc)
        {
            return storage.Length(FileName(slot)) == length && Source(slot, length).Crc() == crc;
        }

        /// <summary>The file of a slot, to be loaded whole or in chunks.</summary>
        internal ModelSource Source(int slot, int length)
        {
            return new ModelSource(new SlotReader(storage, FileName(slot)).Read, length);
        }

        /// <summary>Empties a slot: its record first, so that no record ever speaks of another file.</summary>
        internal void Clear(int slot)
        {
            storage.Delete(RecordName(slot));
            storage.Delete(FileName(slot));
        }

        internal void Append(int slot, byte[] bytes, int offset, int count)
        {
            storage.Append(FileName(slot), bytes, offset, count);
        }

        internal void Flush(int slot)
        {
            storage.Flush(FileName(slot));
        }

        /// <summary>Writes the record of a slot, the last step of a replacement.</summary>
        /// <exception cref="IOException">What was read back is not what was written.</exception>
        internal void Commit(int slot, SlotRecord record)
        {
            byte[] bytes = record.ToBytes();
            storage.Delete(RecordName(slot));
            storage.Append(RecordName(slot), bytes, 0, bytes.Length);
            storage.Flush(RecordName(slot));
            SlotRecord written = Record(slot);
            if (written == null || written.Sequence != record.Sequence || written.Crc != record.Crc)
            {
                throw new IOException("the record '" + RecordName(slot) + "' is not what was written");
            }
        }
    }
}
