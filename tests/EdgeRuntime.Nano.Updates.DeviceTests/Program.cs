using System;

namespace EdgeInference.Nano.Updates.DeviceTests
{
    /// <summary>
    /// Replaces models on a board or on nanoCLR, with storage and line in RAM. The files come from a test of EdgeRuntime.Nano.Updates.Tests, which
    /// holds them to what they stand for. Success is the line that begins with ALL PASSED.
    /// </summary>
    public static class Program
    {
        private const int PartBytes = 100;
        private const int SignatureBytes = 128;

        private static int passed;
        private static int failed;

        /// <summary>Runs everything.</summary>
        public static void Main()
        {
            Console.WriteLine("EdgeInference.Nano.Updates device tests");
            Offers();
            PowerLoss();
            Learned();
            UnloadFirst();
            Chunks();
            Serial();
            Console.WriteLine(failed == 0 ? "ALL PASSED: " + passed.ToString() : "FAILED: " + failed.ToString() + " of " + (passed + failed).ToString());
        }

        private static void Offers()
        {
            RamStorage storage = new RamStorage();
            ModelUpdater updater = ModelUpdater.Open(storage, UpdateGolden.First, Trusting(), null);
            Check(Decides(updater, UpdateGolden.FirstAnswer), "the factory model decides");
            Check(Outcome(updater, UpdateGolden.Unsigned) == UpdateOutcome.Unsigned, "an unsigned model is refused");
            Check(Outcome(updater, UpdateGolden.OtherKey) == UpdateOutcome.UnknownKey, "a model of another key is refused");
            Check(Outcome(updater, UpdateGolden.WrongSignature) == UpdateOutcome.InvalidSignature, "a model that was changed is refused");
            Check(Outcome(updater, UpdateGolden.WrongSelfTest) == UpdateOutcome.SelfTestFailed, "a model that fails its self-test is refused");
            Check(Outcome(updater, UpdateGolden.OtherClasses) == UpdateOutcome.OtherInterface, "a model of other classes is refused: " + updater.Last.Reason);
            byte[] damaged = (byte[])UpdateGolden.Second.Clone();
            bool good = true;
            for (int i = 0; i < damaged.Length; i += 7)
            {
                damaged[i] ^= 0x20;
                good &= Outcome(updater, damaged) == UpdateOutcome.NotAModel;
                damaged[i] ^= 0x20;
            }

            Check(good, "a damaged file is refused, wherever");
            Check(Decides(updater, UpdateGolden.FirstAnswer), "the factory model still decides");
            long start = DateTime.UtcNow.Ticks;
            Check(Outcome(updater, UpdateGolden.Second) == UpdateOutcome.Applied, "a newer model is taken");
            long ticks = DateTime.UtcNow.Ticks - start;
            Check(Decides(updater, UpdateGolden.SecondAnswer) && updater.Current.Version == 2, "and decides");
            Check(Outcome(updater, UpdateGolden.First) == UpdateOutcome.NotNewer, "an older one is refused");
            Check(Outcome(updater, UpdateGolden.Second) == UpdateOutcome.Unchanged, "the one in use is not stored again");
            start = DateTime.UtcNow.Ticks;
            updater = ModelUpdater.Open(storage.Restarted(), UpdateGolden.First, Trusting(), null);
            Console.WriteLine("TIME an update of " + UpdateGolden.Second.Length.ToString() + " bytes, signed: " + (ticks / 10000).ToString() + " ms; a start with it: " + ((DateTime.UtcNow.Ticks - start) / 10000).ToString() + " ms");
            Check(Decides(updater, UpdateGolden.SecondAnswer), "the newer one decides after a restart");
        }

        private static void Learned()
        {
            byte[] old = new byte[40];
            byte[] next = new byte[50];
            for (int i = 0; i < next.Length; i++)
            {
                next[i] = (byte)(i * 7);
            }

            bool isDone = false;
            bool good = true;
            int olds = 0;
            int cut = 0;
            for (; !isDone; cut++)
            {
                RamStorage storage = new RamStorage();
                new LearnedState(storage).Save(old);
                storage.CutAt = cut;
                bool isKept = true;
                try
                {
                    new LearnedState(storage).Save(next);
                }
                catch (Exception)
                {
                    isKept = false;
                }

                isDone = !storage.IsOff;
                byte[] found = new LearnedState(storage.Restarted()).Load();
                bool isOld = found != null && found.Length == old.Length;
                olds += isOld ? 1 : 0;
                good &= isOld ? !isKept : found != null && found.Length == next.Length && found[49] == next[49];
            }

            Check(good && olds > 0 && olds < cut, "after a loss of power at any of " + cut.ToString() + " steps what was learned is the old state or the new one");
        }

        private static void PowerLoss()
        {
            bool isDone = false;
            bool good = true;
            int olds = 0;
            int cut = 0;
            for (; !isDone; cut++)
            {
                RamStorage storage = new RamStorage();
                ModelUpdater updater = ModelUpdater.Open(storage, Plain(UpdateGolden.First), Lenient(), null);
                storage.CutAt = cut;
                UpdateOutcome outcome = OutcomeInParts(updater, UpdateGolden.Unsigned);
                isDone = !storage.IsOff;
                good &= Decides(updater, outcome == UpdateOutcome.Applied ? UpdateGolden.SecondAnswer : UpdateGolden.FirstAnswer);
                updater = ModelUpdater.Open(storage.Restarted(), Plain(UpdateGolden.First), Lenient(), null);
                bool isOld = Decides(updater, UpdateGolden.FirstAnswer);
                olds += isOld ? 1 : 0;
                good &= isOld ? outcome != UpdateOutcome.Applied : Decides(updater, UpdateGolden.SecondAnswer);
            }

            Check(good && olds > 5 && olds < cut, "a loss of power at each of " + cut.ToString() + " steps leaves a whole model");
        }

        private static void UnloadFirst()
        {
            UpdatePolicy policy = Lenient();
            policy.UnloadFirst = true;
            RamStorage storage = new RamStorage();
            ModelUpdater updater = ModelUpdater.Open(storage, Plain(UpdateGolden.First), policy, null);
            bool good = Outcome(updater, Plain(UpdateGolden.WrongSelfTest)) == UpdateOutcome.SelfTestFailed && Decides(updater, UpdateGolden.FirstAnswer);
            good &= Outcome(updater, UpdateGolden.Unsigned) == UpdateOutcome.Applied && Decides(updater, UpdateGolden.SecondAnswer);
            good &= Outcome(updater, Plain(UpdateGolden.WrongSelfTest)) == UpdateOutcome.SelfTestFailed && Decides(updater, UpdateGolden.SecondAnswer);
            Check(good, "unloaded first, the old model comes back");
        }

        private static void Chunks()
        {
            UpdatePolicy policy = Lenient();
            policy.ChunkBytes = 64;
            ModelUpdater updater = ModelUpdater.Open(new RamStorage(), UpdateGolden.Int8, policy, null);
            float[] input = new float[updater.Current.Session.InputLength];
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = 3f * i;
            }

            updater.Current.Classifier.Classify(input);
            float expected = updater.Current.Classifier.Probability;
            bool good = Outcome(updater, UpdateGolden.Int8Next) == UpdateOutcome.Applied && updater.Current.Session.Model.ChunkBytes == 64;
            updater.Current.Classifier.Classify(input);
            Check(good && updater.Current.Classifier.Probability == expected && updater.Current.Session.Model.Name == UpdateGolden.Int8NextName, "weights are read from the storage in chunks");
        }

        private static void Serial()
        {
            RamLink link = new RamLink();
            ModelUpdater updater = ModelUpdater.Open(new RamStorage(), Plain(UpdateGolden.First), Lenient(), null);
            SerialUpdateSource source = new SerialUpdateSource(link, updater, "RAM");
            byte[] file = UpdateGolden.Unsigned;
            byte[] offer = new byte[8];
            Array.Copy(BitConverter.GetBytes(file.Length), 0, offer, 0, 4);
            Array.Copy(BitConverter.GetBytes(Crc(file, file.Length)), 0, offer, 4, 4);
            bool good = Ask(link, source, 1, 0, offer, 0, 8) == 0x81;
            for (int i = 0; i < file.Length; i += PartBytes)
            {
                int count = file.Length - i < PartBytes ? file.Length - i : PartBytes;
                good &= Ask(link, source, 2, i, file, i, count) == 0x81;
            }

            good &= Ask(link, source, 3, 0, file, 0, 0) == 0x82 && BitConverter.ToInt32(link.Answer, 5) == (int)UpdateOutcome.Applied;
            Check(good && Decides(updater, UpdateGolden.SecondAnswer), "a model over a serial line");
        }

        // The kind of the answer.
        private static int Ask(RamLink link, SerialUpdateSource source, byte kind, int number, byte[] payload, int offset, int count)
        {
            byte[] frame = new byte[13 + count];
            frame[0] = 0xED;
            frame[1] = 0x6E;
            frame[2] = kind;
            Array.Copy(BitConverter.GetBytes((ushort)count), 0, frame, 3, 2);
            Array.Copy(BitConverter.GetBytes(number), 0, frame, 5, 4);
            Array.Copy(payload, offset, frame, 9, count);
            Array.Copy(BitConverter.GetBytes(Crc(frame, 9 + count)), 0, frame, 9 + count, 4);
            link.Send(frame);
            source.Poll();
            return link.Answer == null ? -1 : link.Answer[2];
        }

        // Bit by bit, to be another one than the library's.
        private static uint Crc(byte[] bytes, int count)
        {
            uint crc = 0xFFFFFFFF;
            for (int i = 0; i < count; i++)
            {
                crc ^= bytes[i];
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
                }
            }

            return ~crc;
        }

        private static UpdateOutcome Outcome(ModelUpdater updater, byte[] file)
        {
            return updater.Apply(file, "test").Outcome;
        }

        private static UpdateOutcome OutcomeInParts(ModelUpdater updater, byte[] file)
        {
            ModelReceiver receiver = updater.Receive("test", file.Length);
            if (receiver == null)
            {
                return updater.Last.Outcome;
            }

            for (int i = 0; i < file.Length; i += PartBytes)
            {
                receiver.Write(file, i, file.Length - i < PartBytes ? file.Length - i : PartBytes);
            }

            return receiver.Finish().Outcome;
        }

        private static bool Decides(ModelUpdater updater, float expected)
        {
            updater.Current.Classifier.Classify(new float[] { 1f, 1f, 1f });
            float difference = updater.Current.Classifier.Probability - expected;
            return difference < 1e-6f && difference > -1e-6f;
        }

        // The model without its signature.
        private static byte[] Plain(byte[] signed)
        {
            byte[] file = new byte[signed.Length - SignatureBytes];
            Array.Copy(signed, file, file.Length);
            return file;
        }

        private static UpdatePolicy Trusting()
        {
            UpdatePolicy policy = new UpdatePolicy();
            policy.Keys.AddPem(UpdateGolden.PublicKey);
            return policy;
        }

        // Signatures take too long to be verified in a loop.
        private static UpdatePolicy Lenient()
        {
            UpdatePolicy policy = new UpdatePolicy();
            policy.RequireSignature = false;
            return policy;
        }

        private static void Check(bool good, string what)
        {
            passed += good ? 1 : 0;
            failed += good ? 0 : 1;
            Console.WriteLine((good ? "PASS " : "FAIL ") + what);
        }
    }
}
