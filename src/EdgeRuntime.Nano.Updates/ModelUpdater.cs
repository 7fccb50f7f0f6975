using System;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// Keeps a device's model: chooses one at start, and accepts a new one only if it arrived whole, is signed as the policy requires, newer, of the
    /// same interface, reproduces its self-test vectors, and is on the storage. Otherwise the model in use stays, whatever fails, a loss of
    /// power included.
    /// </summary>
    public sealed class ModelUpdater
    {
        private const int NoSlot = -1;
        private const int MaxReasonLength = 200;
        private const int MinChunkBytes = 64;

        private readonly object gate = new object();
        private readonly ModelSlots slots;
        private readonly UpdatePolicy policy;
        private readonly ModelSource factory;
        private ModelReceiver receiving;

        // The last file that was offered as a whole and refused for good.
        private UpdateReport refused;
        private int refusedLength;
        private uint refusedCrc;

        // Of the model in use: its slot, or NoSlot for the one that the program came with; null before the first one.
        private int slot = NoSlot;
        private SlotRecord record;
        private ModelExpectation expectation;
        private uint sequence;

        private ModelUpdater(IModelStorage storage, ModelSource factory, UpdatePolicy policy, UpdateReported reported)
        {
            slots = new ModelSlots(storage);
            this.factory = factory;
            this.policy = policy;
            Reported = reported;
        }

        /// <summary>Receives the outcome of each offer except a repetition of the model in use, on the thread of the offer; may be null.</summary>
        public UpdateReported Reported { get; set; }

        /// <summary>
        /// The model in use. Read it once before each inference: another one is there from one read to the next, whole. Null where the device has
        /// no valid model and waits for one, which it does only if the program came without a factory model.
        /// </summary>
        public ModelInstance Current { get; private set; }

        /// <summary>Opens the storage and chooses a model: the stored one or the one that the program came with, whichever is valid and newer.</summary>
        /// <param name="storage">Where models are kept.</param>
        /// <param name="factoryModel">The file that the program came with, or null. It is not held to the signature, being part of the program.</param>
        /// <param name="policy">Which models are accepted.</param>
        /// <param name="reported">Receives the reason why a model was passed over, then <see cref="Reported"/>; may be null.</param>
        /// <exception cref="ArgumentNullException">Storage or policy is null.</exception>
        /// <exception cref="ArgumentException">There is neither a factory model nor an <see cref="UpdatePolicy.InputLength"/>: any model would do. Or <see cref="UpdatePolicy.ChunkBytes"/> is below 64 and not 0.</exception>
        /// <exception cref="InvalidOperationException">There is a factory model, and neither it nor a stored one is valid; the message says why it was refused.</exception>
        public static ModelUpdater Open(IModelStorage storage, byte[] factoryModel, UpdatePolicy policy, UpdateReported reported)
        {
            return Open(storage, factoryModel == null ? null : new ModelSource(factoryModel), policy, reported);
        }

        /// <summary>The same with a factory model that is read in parts, such as a binary resource, and takes no RAM where the stored one is used.</summary>
        /// <param name="storage">Where models are kept.</param>
        /// <param name="factoryModel">Gives parts of the file that the program came with.</param>
        /// <param name="factoryLength">Its length in bytes.</param>
        /// <param name="policy">Which models are accepted.</param>
        /// <param name="reported">Receives the reason why a model was passed over, then <see cref="Reported"/>; may be null.</param>
        /// <exception cref="ArgumentNullException">Storage, factory model or policy is null.</exception>
        /// <exception cref="InvalidOperationException">Neither the factory model nor a stored one is valid; the message says why it was refused.</exception>
        public static ModelUpdater Open(IModelStorage storage, ChunkReader factoryModel, int factoryLength, UpdatePolicy policy, UpdateReported reported)
        {
            if (factoryModel == null)
            {
                throw new ArgumentNullException(nameof(factoryModel));
            }

            return Open(storage, new ModelSource(factoryModel, factoryLength), policy, reported);
        }

        private static ModelUpdater Open(IModelStorage storage, ModelSource factory, UpdatePolicy policy, UpdateReported reported)
        {
            if (storage == null)
            {
                throw new ArgumentNullException(nameof(storage));
            }

            if (policy == null)
            {
                throw new ArgumentNullException(nameof(policy));
            }

            if (policy.ChunkBytes != 0 && policy.ChunkBytes < MinChunkBytes)
            {
                throw new ArgumentException("UpdatePolicy.ChunkBytes is " + policy.ChunkBytes.ToString() + "; expected 0, or 64 or more.");
            }

            if (factory == null && policy.InputLength == 0)
            {
                throw new ArgumentException("There is no factory model, so that the policy must say what model the program needs: set InputLength, and OutputLength and ClassTexts where they matter.");
            }

            ModelUpdater updater = new ModelUpdater(storage, factory, policy, reported);
            updater.Choose();
            return updater;
        }

        /// <summary>Whether this is the file of the model in use, so that it need not be sent again.</summary>
        /// <param name="length">Length of the whole file.</param>
        /// <param name="crc">CRC-32 (IEEE 802.3) of the whole file, a signature block included.</param>
        public bool IsCurrent(int length, uint crc)
        {
            SlotRecord current = record;
            return current != null ? current.Length == length && current.Crc == crc
                : Current != null && factory.Length == length && factory.Crc() == crc;
        }

        /// <summary>Begins an offer; one that was under way is dropped.</summary>
        /// <param name="origin">Where the file comes from, for the report.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <returns>What takes the bytes, or null if the offer is refused already; <see cref="Reported"/> says why.</returns>
        public ModelReceiver Receive(string origin, int length)
        {
            lock (gate)
            {
                receiving = null;
                if (length < 1 || length > policy.MaxBytes)
                {
                    Report(UpdateOutcome.NotAModel, origin, 0, length < 1 ? "It is empty." : ModelCandidate.SizeReason(length, policy));
                    return null;
                }

                try
                {
                    slots.Clear(Free());
                }
                catch (Exception exception)
                {
                    Report(UpdateOutcome.StorageFailed, origin, 0, Failed(exception));
                    return null;
                }

                receiving = new ModelReceiver(this, origin, length);
                return receiving;
            }
        }

        /// <summary>
        /// Offers a file that is in RAM as a whole. One that was refused last is refused again without a word and without a write, since a retained
        /// message comes with each connection.
        /// </summary>
        /// <param name="file">The bytes.</param>
        /// <param name="origin">Where they come from, for the report.</param>
        /// <exception cref="ArgumentNullException"><paramref name="file"/> is null.</exception>
        /// <exception cref="InvalidOperationException">As <see cref="ModelReceiver.Finish"/>.</exception>
        public UpdateReport Apply(byte[] file, string origin)
        {
            if (file == null)
            {
                throw new ArgumentNullException(nameof(file));
            }

            uint crc = Crc32.Of(file, file.Length);
            if (IsCurrent(file.Length, crc))
            {
                return new UpdateReport(UpdateOutcome.Unchanged, origin, Current.Version, "It is the model in use.");
            }

            if (refused != null && refusedLength == file.Length && refusedCrc == crc)
            {
                return refused;
            }

            ModelReceiver receiver = Receive(origin, file.Length);
            if (receiver == null)
            {
                return Last;
            }

            receiver.Write(file, 0, file.Length);
            UpdateReport report = receiver.Finish();

            // Another time the storage may have room.
            bool isFinal = report.Outcome != UpdateOutcome.Applied && report.Outcome != UpdateOutcome.StorageFailed && report.Outcome != UpdateOutcome.Unreachable;
            refused = isFinal ? report : null;
            refusedLength = file.Length;
            refusedCrc = crc;
            return report;
        }

        /// <summary>Reports that a source of models could not be read.</summary>
        /// <param name="origin">The source.</param>
        /// <param name="reason">One sentence.</param>
        public UpdateReport ReportUnreachable(string origin, string reason)
        {
            return Report(UpdateOutcome.Unreachable, origin, 0, reason);
        }

        /// <summary>The last report, null before the first.</summary>
        public UpdateReport Last { get; private set; }

        internal bool IsReceiving(ModelReceiver receiver)
        {
            return receiving == receiver;
        }

        internal void Append(ModelReceiver receiver, byte[] bytes, int offset, int count)
        {
            lock (gate)
            {
                if (!IsReceiving(receiver))
                {
                    return;
                }

                try
                {
                    slots.Append(Free(), bytes, offset, count);
                }
                catch (Exception exception)
                {
                    receiver.Failure = Failed(exception);
                }
            }
        }

        internal UpdateReport Finish(ModelReceiver receiver)
        {
            lock (gate)
            {
                if (!IsReceiving(receiver))
                {
                    return Report(UpdateOutcome.Unreachable, receiver.Origin, 0, "Another model was offered before it had ended.");
                }

                receiving = null;
                return Take(receiver);
            }
        }

        private UpdateReport Take(ModelReceiver receiver)
        {
            int free = Free();
            UpdateReport failure = Store(receiver, free);
            if (failure != null)
            {
                return Drop(free, failure);
            }

            if (IsCurrent(receiver.Length, receiver.Crc))
            {
                TryClear(free);
                Last = new UpdateReport(UpdateOutcome.Unchanged, receiver.Origin, Current.Version, "It is the model in use.");
                return Last;
            }

            ModelSource source = slots.Source(free, receiver.Length);
            ModelCandidate candidate = new ModelCandidate(source, policy);
            ModelInstance next = null;
            bool unloaded = false;
            ulong before = Current == null ? 0 : Current.Version;
            try
            {
                if (candidate.CheckFile(true) && (Current == null || candidate.CheckNewer(before)))
                {
                    if (policy.UnloadFirst && Current != null)
                    {
                        Current = null;
                        unloaded = true;
                    }

                    next = candidate.Load(expectation);
                }

                if (next == null)
                {
                    failure = new UpdateReport(candidate.Outcome, receiver.Origin, candidate.Version, candidate.Reason);
                }
                else
                {
                    SlotRecord written = new SlotRecord(sequence + 1, receiver.Length, receiver.Crc, candidate.Version);
                    slots.Commit(free, written);
                    sequence++;
                    record = written;
                    slot = free;
                    expectation = candidate.Expectation;
                    Current = next;
                }
            }
            catch (Exception exception)
            {
                failure = new UpdateReport(UpdateOutcome.StorageFailed, receiver.Origin, candidate.Version, Failed(exception));
            }

            // Outside, so that what a listener throws does not look like a storage that failed.
            if (failure == null)
            {
                return Report(UpdateOutcome.Applied, receiver.Origin, candidate.Version, "Version " + candidate.Version.ToString() + " replaces version " + before.ToString() + ".");
            }

            next = null;
            if (unloaded)
            {
                Restore(failure);
            }

            return Drop(free, failure);
        }

        // Null where the file is in its slot as it arrived.
        private UpdateReport Store(ModelReceiver receiver, int free)
        {
            if (receiver.Failure == null && receiver.Position != receiver.Length)
            {
                return new UpdateReport(UpdateOutcome.Unreachable, receiver.Origin, 0, "It ended after " + receiver.Position.ToString() + " of " + receiver.Length.ToString() + " bytes.");
            }

            string failed = receiver.Failure;
            try
            {
                if (failed == null)
                {
                    slots.Flush(free);
                    failed = slots.Holds(free, receiver.Length, receiver.Crc) ? null : "What was read back is not what was written.";
                }
            }
            catch (Exception exception)
            {
                failed = Failed(exception);
            }

            return failed == null ? null : new UpdateReport(UpdateOutcome.StorageFailed, receiver.Origin, 0, failed);
        }

        // The old model ran before, so that it is valid; it was checked against damage when it was loaded the first time and is again now.
        private void Restore(UpdateReport failure)
        {
            ModelSource source = slot == NoSlot ? factory : slots.Source(slot, record.Length);
            string reason;
            try
            {
                ModelCandidate candidate = new ModelCandidate(source, policy);
                if (slot == NoSlot ? Reads(candidate) : candidate.CheckFile(false))
                {
                    Current = candidate.Load(expectation);
                }

                reason = candidate.Reason;
            }
            catch (Exception exception)
            {
                reason = Failed(exception);
            }

            if (Current == null)
            {
                throw new InvalidOperationException("The new model was refused (" + failure.Reason + ") and the old one could not be loaded again (" + reason + "). Restart the device; it begins with the old one.");
            }
        }

        private UpdateReport Drop(int free, UpdateReport report)
        {
            TryClear(free);
            return Report(report.Outcome, report.Origin, report.Version, report.Reason);
        }

        private void TryClear(int free)
        {
            try
            {
                slots.Clear(free);
            }
            catch (Exception)
            {
                // It has no record, so that it is never used; the next offer clears it.
            }
        }

        private int Free()
        {
            return slot == 0 ? 1 : 0;
        }

        private void Choose()
        {
            ulong factoryVersion = 0;
            bool hasFactory = factory != null && ReadFactory(out factoryVersion);
            int first = NoSlot;
            SlotRecord[] records = new SlotRecord[ModelSlots.Count];
            for (int i = 0; i < records.Length; i++)
            {
                records[i] = ReadRecord(i);
                if (records[i] != null)
                {
                    sequence = records[i].Sequence > sequence ? records[i].Sequence : sequence;
                    first = first == NoSlot || records[i].Sequence > records[first].Sequence ? i : first;
                }
            }

            for (int i = 0; i < records.Length && first != NoSlot && Current == null; i++)
            {
                int tried = i == 0 ? first : 1 - first;
                if (records[tried] != null && (!hasFactory || records[tried].Version >= factoryVersion))
                {
                    TryStored(tried, records[tried]);
                }
            }

            if (Current == null && factory != null)
            {
                TryFactory();
            }

            // Without a factory model a device waits for one that the program can use: a damaged slot must not need a cable.
            if (Current == null && factory != null)
            {
                throw new InvalidOperationException("There is no usable model. '" + Last.Origin + "': " + Last.Reason);
            }
        }

        // What it takes and gives is what the program was written for, so that a stored model of another program is passed over.
        private bool ReadFactory(out ulong version)
        {
            ModelCandidate candidate = new ModelCandidate(factory, policy);
            bool good = Reads(candidate) && candidate.Read(null) != null;
            version = candidate.Version;
            expectation = candidate.Expectation;
            return good;
        }

        // Signed or not, by whatever key: it came with the program.
        private static bool Reads(ModelCandidate candidate)
        {
            return candidate.CheckFile(false) || candidate.Outcome == UpdateOutcome.Unsigned || candidate.Outcome == UpdateOutcome.UnknownKey;
        }

        private SlotRecord ReadRecord(int i)
        {
            try
            {
                return slots.Record(i);
            }
            catch (Exception exception)
            {
                Report(UpdateOutcome.Unreachable, ModelSlots.RecordName(i), 0, Failed(exception));
                return null;
            }
        }

        private void TryStored(int tried, SlotRecord found)
        {
            string origin = ModelSlots.FileName(tried);
            ModelCandidate candidate = new ModelCandidate(slots.Source(tried, found.Length), policy);
            try
            {
                if (!slots.Holds(tried, found.Length, found.Crc))
                {
                    Report(UpdateOutcome.NotAModel, origin, found.Version, "It is not the file that its record speaks of.");
                    return;
                }

                Use(candidate, candidate.CheckFile(false), origin);
            }
            catch (Exception exception)
            {
                Report(UpdateOutcome.Unreachable, origin, found.Version, Failed(exception));
            }

            if (Current != null)
            {
                slot = tried;
                record = found;
            }
        }

        private void TryFactory()
        {
            ModelCandidate candidate = new ModelCandidate(factory, policy);
            Use(candidate, Reads(candidate), "the factory model");
        }

        private void Use(ModelCandidate candidate, bool good, string origin)
        {
            ModelInstance instance = good ? candidate.Load(expectation) : null;
            if (instance == null)
            {
                Report(candidate.Outcome, origin, candidate.Version, candidate.Reason);
                return;
            }

            expectation = candidate.Expectation;
            Current = instance;
        }

        private UpdateReport Report(UpdateOutcome outcome, string origin, ulong version, string reason)
        {
            UpdateReport report = new UpdateReport(outcome, origin, version, reason);
            Last = report;
            UpdateReported reported = Reported;
            if (reported != null)
            {
                reported(report);
            }

            return report;
        }

        private static string Failed(Exception exception)
        {
            string message = exception.Message == null ? "" : exception.Message;
            return "The storage failed: " + (message.Length > MaxReasonLength ? message.Substring(0, MaxReasonLength) : message);
        }
    }
}
