using System;

namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// The learning heads of a model on its hidden vector: the last Dense layer, classes that were added, and what normal samples are like.
    /// Integers only, so that the same samples in the same order give the same bits on every engine. Allocates nothing after its creation
    /// but the texts of added classes.
    /// </summary>
    internal sealed class AdaptiveHead
    {
        private readonly HeadSettings settings;

        // Null where the model is not prepared for them.
        private readonly DenseHead dense;
        private readonly AddedClasses added;
        private readonly SampleMemory memory;
        private readonly AnomalyHead anomalies;

        // The self-test vectors that have a class: their numbers, and what the last layer reads for them.
        private readonly byte[] testLabels;
        private readonly int[] testVectors;
        private readonly short[] tests;

        // What the factory's head says of each, or NoClass.
        private readonly byte[] testCalled;

        public AdaptiveHead(HeadSettings settings)
        {
            this.settings = settings;
            Hidden = new short[settings.Depth];
            memory = new SampleMemory(settings);
            dense = settings.Has(HeadSettings.LastLayer) ? new DenseHead(settings) : null;
            added = settings.Has(HeadSettings.AddsClasses) ? new AddedClasses(settings) : null;
            anomalies = settings.Has(HeadSettings.FindsAnomalies) ? new AnomalyHead(settings) : null;
            int count = LabelledTests(settings);
            testLabels = new byte[count];
            testVectors = new int[count];
            tests = new short[count * settings.Depth];
            testCalled = new byte[count];
            for (int i = settings.SelfTestClasses.Length - 1; i >= 0; i--)
            {
                if (settings.SelfTestClasses[i] != HeadSettings.NoClass)
                {
                    count--;
                    testLabels[count] = settings.SelfTestClasses[i];
                    testVectors[count] = i;
                }
            }
        }

        /// <summary>What the heads are made from.</summary>
        public HeadSettings Settings
        {
            get { return settings; }
        }

        /// <summary>Where the hidden vector goes before a call, less its zero point.</summary>
        public readonly short[] Hidden;

        /// <summary>Labelled samples that were learned.</summary>
        public int Samples { get; private set; }

        /// <summary>Normal samples that were learned, halved at 4096.</summary>
        public int NormalSamples
        {
            get { return anomalies == null ? 0 : anomalies.Samples; }
        }

        /// <summary>Classes, those that were added included.</summary>
        public int Classes
        {
            get { return settings.Classes + AddedCount; }
        }

        /// <summary>Classes that were added.</summary>
        public int AddedCount
        {
            get { return added == null ? 0 : added.Count; }
        }

        /// <summary>The last Dense layer; null where it does not learn.</summary>
        public DenseHead Dense
        {
            get { return dense; }
        }

        /// <summary>The share of each unit at the last <see cref="Decide"/>, in 2⁻¹⁵; null where the last Dense layer does not learn.</summary>
        public int[] Shares
        {
            get { return dense == null ? null : dense.Shares; }
        }

        /// <summary>The share of the added class that the last <see cref="Decide"/> found, in 2⁻¹⁵.</summary>
        public int AddedShare { get; private set; }

        /// <summary>The score from which on a sample is an anomaly, in 2⁻⁸; 0 before the first.</summary>
        public int AnomalyThreshold
        {
            get { return anomalies == null ? 0 : anomalies.Threshold; }
        }

        /// <summary>Self-test vectors that have a class.</summary>
        public int TestCount
        {
            get { return testLabels.Length; }
        }

        /// <summary>The class of one of them.</summary>
        public int TestLabel(int index)
        {
            return testLabels[index];
        }

        /// <summary>Its number among all self-test vectors of the file.</summary>
        public int TestVector(int index)
        {
            return testVectors[index];
        }

        /// <summary>What the factory's head says of it; −1 for no class.</summary>
        public int TestCalled(int index)
        {
            return testCalled[index] == HeadSettings.NoClass ? -1 : testCalled[index];
        }

        /// <summary>How many of them the factory's head has right.</summary>
        public int FactoryRight
        {
            get
            {
                int right = 0;
                for (int i = 0; i < testLabels.Length; i++)
                {
                    right += testCalled[i] == testLabels[i] ? 1 : 0;
                }

                return right;
            }
        }

        /// <summary>Keeps <see cref="Hidden"/> as what the last layer reads for it; before the first sample is learned.</summary>
        /// <param name="index">Which of them.</param>
        /// <param name="called">What the factory's head says of it; −1 for no class.</param>
        public void SetTest(int index, int called)
        {
            Array.Copy(Hidden, 0, tests, index * settings.Depth, settings.Depth);
            testCalled[index] = (byte)(called < 0 ? HeadSettings.NoClass : called);
        }

        /// <summary>Puts it into <see cref="Hidden"/>.</summary>
        public void TakeTest(int index)
        {
            Array.Copy(tests, index * settings.Depth, Hidden, 0, settings.Depth);
        }

        /// <summary>Bytes of the arrays that the heads hold, without the .NET objects around them.</summary>
        public static int MemoryBytes(HeadSettings settings)
        {
            int depth = settings.Depth;
            int bytes = (2 * depth) + (settings.Units * (2 * depth)) + (settings.Units * 16) + settings.SelfTestClasses.Length;
            bytes += LabelledTests(settings) * ((2 * depth) + 6);
            bytes += settings.Means == null ? 0 : 2 * settings.Means.Length;
            bytes += (settings.Capacity * ((2 * depth) + 1)) + (9 * settings.Neighbours);
            bytes += settings.Has(HeadSettings.LastLayer) ? settings.Units * ((4 * (depth + 1)) + 16) : 0;
            bytes += settings.AddedClasses * ((6 * depth) + 8);
            return bytes + (settings.Has(HeadSettings.FindsAnomalies) ? AnomalyHead.Bytes(settings) - 4 : 0);
        }

        /// <summary>Forgets everything: the model is as the factory made it.</summary>
        public void Reset()
        {
            Samples = 0;
            memory.Reset();
            if (dense != null)
            {
                dense.Reset();
            }

            if (added != null)
            {
                added.Reset();
            }

            ResetAnomalies();
        }

        /// <summary>The class of an added class's number, or −1 where there is no room for it.</summary>
        public int AddClass(string text)
        {
            if (AddedCount == settings.AddedClasses)
            {
                return -1;
            }

            added.AddClass(text);
            return Classes - 1;
        }

        /// <summary>The text of a class that was added.</summary>
        public string AddedText(int label)
        {
            return added.Text(label - settings.Classes);
        }

        /// <summary>Learns that <see cref="Hidden"/> is of a class.</summary>
        /// <param name="label">0 to <see cref="Classes"/> − 1.</param>
        public void Learn(int label)
        {
            Samples = Samples == int.MaxValue ? Samples : Samples + 1;
            memory.Add(Hidden, label);
            if (label >= settings.Classes)
            {
                added.Add(Hidden, label - settings.Classes);
            }
            else if (dense != null)
            {
                dense.Learn(Hidden, 0, label);
            }

            for (int pass = 0; pass < settings.Passes && dense != null; pass++)
            {
                Rehearse();
            }
        }

        /// <summary>Learns that <see cref="Hidden"/> is normal.</summary>
        public void LearnNormal()
        {
            anomalies.Learn(Hidden);
        }

        /// <summary>How unlike normal samples <see cref="Hidden"/> is, in 2⁻⁸.</summary>
        public int AnomalyScore()
        {
            return anomalies == null ? 0 : anomalies.Score(Hidden);
        }

        /// <summary>Looks at <see cref="Hidden"/>: fills <see cref="Shares"/>.</summary>
        /// <returns>An added class, or −1: then the shares decide.</returns>
        public int Decide()
        {
            if (dense != null)
            {
                dense.Run(Hidden, 0);
            }

            if (AddedCount == 0)
            {
                return -1;
            }

            int share;
            int label;
            if (settings.Neighbours == 0)
            {
                label = added.Nearest(Hidden, out share);
                label = label < 0 ? -1 : label + settings.Classes;
            }
            else
            {
                int votes;
                label = memory.Vote(Hidden, tests, testLabels, out votes);
                label = label < settings.Classes ? -1 : label;
                share = (votes << 15) / settings.Neighbours;
            }

            AddedShare = share;
            return label;
        }

        /// <summary>Writes what was learned, without header and CRC.</summary>
        public void Write(StateBytes state)
        {
            state.WriteInt(Samples);
            memory.Write(state);
            if (dense != null)
            {
                dense.Write(state);
            }

            if (added != null)
            {
                added.Write(state);
            }

            if (anomalies != null)
            {
                anomalies.Write(state);
            }
        }

        /// <summary>Takes what was written; where something is wrong with it says what, and is as the factory made it.</summary>
        public string Read(StateBytes state)
        {
            string problem = ReadParts(state);
            if (problem != null)
            {
                Reset();
            }

            return problem;
        }

        /// <summary>Bytes that <see cref="Write"/> writes: the same for each state of a model.</summary>
        public static int StateBytes(HeadSettings settings)
        {
            int bytes = 4 + SampleMemory.Bytes(settings);
            bytes += settings.Has(HeadSettings.LastLayer) ? 4 * settings.Units * (settings.Depth + 1) : 0;
            bytes += settings.Has(HeadSettings.AddsClasses) ? AddedClasses.Bytes(settings) : 0;
            return bytes + (settings.Has(HeadSettings.FindsAnomalies) ? AnomalyHead.Bytes(settings) : 0);
        }

        private string ReadParts(StateBytes state)
        {
            Samples = state.ReadInt();
            string problem = Samples < 0 ? "its number of samples is negative" : null;
            problem = problem ?? memory.Read(state, settings.Classes + settings.AddedClasses);
            problem = problem ?? (dense == null ? null : dense.Read(state));
            problem = problem ?? (added == null ? null : added.Read(state));
            problem = problem ?? (anomalies == null ? null : anomalies.Read(state));
            for (int i = 0; i < memory.Count && problem == null; i++)
            {
                problem = memory.Label(i) >= Classes ? "a stored sample has a class that does not exist" : null;
            }

            return problem;
        }

        private void Rehearse()
        {
            for (int i = 0; i < memory.Count; i++)
            {
                if (memory.Label(i) < settings.Classes)
                {
                    dense.Learn(memory.Inputs, i * settings.Depth, memory.Label(i));
                }
            }

            if (settings.Has(HeadSettings.Anchored))
            {
                for (int i = 0; i < testLabels.Length; i++)
                {
                    dense.Learn(tests, i * settings.Depth, testLabels[i]);
                }
            }
        }

        private static int LabelledTests(HeadSettings settings)
        {
            int count = 0;
            for (int i = 0; i < settings.SelfTestClasses.Length; i++)
            {
                count += settings.SelfTestClasses[i] == HeadSettings.NoClass ? 0 : 1;
            }

            return count;
        }

        private void ResetAnomalies()
        {
            if (anomalies != null)
            {
                anomalies.Reset();
            }
        }
    }
}
