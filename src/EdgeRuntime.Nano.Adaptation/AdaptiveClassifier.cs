using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.Nano.Adaptation
{
    /// <summary>
    /// A classifier that learns on a device: from labelled samples, classes that are added, and what normal samples are like. What it learns
    /// is a small state beside the model, which is never changed. The same samples in the same order give the same bits as EdgeInference.Runtime
    /// gives on .NET.
    /// </summary>
    /// <remarks>
    /// Needs a model that was prepared with <c>edge train --adaptable</c>. After each labelled sample it runs the self-test samples of the
    /// model that have a class; with fewer right than the factory's head, the factory's head decides until it is better again. Serves one
    /// thread at a time; no Classify allocates.
    /// </remarks>
    public sealed class AdaptiveClassifier
    {
        /// <summary>The class of no decision; <see cref="DecisionReason"/> says why.</summary>
        public const int None = DecisionRule.None;

        private readonly NanoSession session;
        private readonly HeadSettings settings;
        private readonly AdaptiveHead head;
        private readonly TensorInfo hidden;
        private readonly DecisionRule rule;
        private readonly bool acceptsMissing;

        // Null until they are asked for.
        private string[] texts;
        private byte[] hash;
        private int scored;
        private bool isTested;
        private bool isBehind;

        /// <summary>Creates a classifier, as the factory made the model.</summary>
        /// <param name="session">The session that runs the model.</param>
        /// <exception cref="ArgumentNullException"><paramref name="session"/> is null.</exception>
        /// <exception cref="ArgumentException">The model was not prepared to learn, or cannot decide; the message says what to do.</exception>
        /// <exception cref="ModelFormatException">The record of the learning heads breaks the format.</exception>
        public AdaptiveClassifier(NanoSession session)
        {
            if (session == null)
            {
                throw new ArgumentNullException(nameof(session));
            }

            ModelFile file = session.Model.File;
            if (!AdaptationRecord.IsIn(file))
            {
                throw new ArgumentException("The model was not prepared to learn on a device; make it with 'edge train --adaptable'.");
            }

            DecisionMetadata decision = file.Decision;
            if (decision.Refusal != null)
            {
                throw new ArgumentException(decision.Refusal);
            }

            this.session = session;
            settings = AdaptationRecord.Read(file);
            head = new AdaptiveHead(settings);
            hidden = file.Tensor(file.Bytes.U16(file.Metadata.PayloadOffset(MetadataKey.Adaptation)));
            rule = new DecisionRule(decision, session.OutputLength);
            acceptsMissing = decision.AcceptsMissing;
        }

        /// <summary>What the model can learn: 1 its last layer, 2 added classes, 4 anomalies, 8 the last layer with rehearsal of the self-test samples.</summary>
        public int Heads
        {
            get { return settings.Heads; }
        }

        /// <summary>Number of values that one inference takes.</summary>
        public int InputLength
        {
            get { return session.InputLength; }
        }

        /// <summary>Classes of the model and those that were added.</summary>
        public int ClassCount
        {
            get { return head.Classes; }
        }

        /// <summary>Classes that were added.</summary>
        public int AddedClassCount
        {
            get { return head.AddedCount; }
        }

        /// <summary>The most classes that can be added, 0 to 32.</summary>
        public int MaxAddedClasses
        {
            get { return settings.AddedClasses; }
        }

        /// <summary>Labelled samples that were learned.</summary>
        public int SampleCount
        {
            get { return head.Samples; }
        }

        /// <summary>Normal samples that were learned; halved at 4096, so that what is new counts.</summary>
        public int NormalSampleCount
        {
            get { return head.NormalSamples; }
        }

        /// <summary>Whether what was learned decides; else the factory's head does, and <see cref="Reason"/> says why.</summary>
        public bool IsAdapted
        {
            get { return head.Samples > 0 && !isBehind; }
        }

        /// <summary>Why the factory's head decides, in a sentence; null where what was learned does.</summary>
        public string Reason
        {
            get
            {
                return IsAdapted ? null
                    : head.Samples == 0 ? "Nothing was learned; the model decides as the factory made it."
                    : "The adapted head has " + AdaptedRight.ToString() + " of " + SelfTestCount.ToString() + " self-test samples right, the factory head " + FactoryRight.ToString() + "; the factory head decides.";
            }
        }

        /// <summary>Self-test samples of the model that have a class.</summary>
        public int SelfTestCount
        {
            get { return head.TestCount; }
        }

        /// <summary>How many of them the factory's head has right; 0 before the first <see cref="Verify"/>.</summary>
        public int FactoryRight
        {
            get { return head.FactoryRight; }
        }

        /// <summary>How many of them what was learned had right at the last <see cref="Verify"/>.</summary>
        public int AdaptedRight { get; private set; }

        /// <summary>The probability of each class of the model at the last <see cref="Classify"/>; NaN if a value was not finite. Read only.</summary>
        public float[] Probabilities
        {
            get { return rule.Probabilities; }
        }

        /// <summary>The value that the last decision was taken on.</summary>
        public float Probability { get; private set; }

        /// <summary>Why the last decision was taken, or was not.</summary>
        public DecisionReason DecisionReason
        {
            get { return rule.Reason; }
        }

        /// <summary>How unlike normal samples the input of the last <see cref="Classify"/> was: 0 or more, about 1 for a normal one; 0 before two are known.</summary>
        public float AnomalyScore
        {
            get { return scored / (float)(1 << AnomalyHead.FractionBits); }
        }

        /// <summary>The score from which on an input is an anomaly: the model's quantile of normal samples; 0 before enough are known.</summary>
        public float AnomalyThreshold
        {
            get { return head.AnomalyThreshold / (float)(1 << AnomalyHead.FractionBits); }
        }

        /// <summary>Whether the input of the last <see cref="Classify"/> is unlike normal samples; false before enough are known.</summary>
        public bool IsAnomaly
        {
            get { return head.AnomalyThreshold > 0 && scored >= head.AnomalyThreshold; }
        }

        /// <summary>The most that all samples together, whatever they are, can move the logit of a class of the model.</summary>
        public float MaxLogitChange
        {
            get { return settings.LogitLimit / (float)(1 << DenseHead.LogitLimitBits); }
        }

        /// <summary>Bytes that the heads take in RAM beside the session, without the objects around their arrays.</summary>
        public int MemoryBytes
        {
            get { return AdaptiveHead.MemoryBytes(settings); }
        }

        /// <summary>Bytes of a state file of this model.</summary>
        public int StateBytes
        {
            get { return StateFile.Bytes(settings); }
        }

        /// <summary>Decides on one input.</summary>
        /// <param name="input"><see cref="InputLength"/> values.</param>
        /// <returns>The class, or <see cref="None"/>; one that was added from the model's own number of classes on.</returns>
        /// <exception cref="ArgumentException">The input has the wrong length.</exception>
        public int Classify(float[] input)
        {
            bool accepts = Run(input);
            scored = accepts ? head.AnomalyScore() : 0;
            int added = IsAdapted && accepts ? Adapt() : None;
            int index = rule.Decide(accepts);
            Probability = added < 0 ? rule.Probability : head.AddedShare / (float)LogitShares.One;
            return added < 0 ? index : added;
        }

        /// <summary>Learns that an input is of a class, then compares with the factory's head as <see cref="Verify"/> does.</summary>
        /// <param name="input"><see cref="InputLength"/> values.</param>
        /// <param name="label">The class: 0 to <see cref="ClassCount"/> − 1.</param>
        /// <returns>Whether it was learned: not where a value is not finite.</returns>
        /// <exception cref="ArgumentException">The input has the wrong length, or there is no such class.</exception>
        /// <exception cref="InvalidOperationException">The model learns only what normal samples are like.</exception>
        public bool Learn(float[] input, int label)
        {
            if (label < 0 || label >= ClassCount)
            {
                throw new ArgumentException("There is no class " + label.ToString() + "; the model has " + ClassCount.ToString() + ".");
            }

            Require(HeadSettings.LastLayer | HeadSettings.AddsClasses, "does not learn from labelled samples");
            RunTests();
            if (!Run(input))
            {
                return false;
            }

            head.Learn(label);
            Verify();
            return true;
        }

        /// <summary>Learns that an input is normal.</summary>
        /// <param name="input"><see cref="InputLength"/> values.</param>
        /// <returns>Whether it was learned: not where a value is not finite.</returns>
        /// <exception cref="ArgumentException">The input has the wrong length.</exception>
        /// <exception cref="InvalidOperationException">The model does not learn what normal samples are like.</exception>
        public bool LearnNormal(float[] input)
        {
            Require(HeadSettings.FindsAnomalies, "does not learn what normal samples are like");
            if (!Run(input))
            {
                return false;
            }

            head.LearnNormal();
            return true;
        }

        /// <summary>Adds a class without samples.</summary>
        /// <param name="text">Its text, 1 to 24 characters.</param>
        /// <returns>The number of the class.</returns>
        /// <exception cref="ArgumentException">The text is null, empty or too long, or a class has it already.</exception>
        /// <exception cref="InvalidOperationException">There is no room for another class.</exception>
        public int AddClass(string text)
        {
            if (text == null || text.Length == 0 || text.Length > AddedClasses.MaxText)
            {
                throw new ArgumentException("The text of an added class needs 1 to " + AddedClasses.MaxText.ToString() + " characters.");
            }

            for (int i = 0; i < ClassCount; i++)
            {
                if (ClassText(i) == text)
                {
                    throw new ArgumentException("Class " + i.ToString() + " has the text '" + text + "' already; learn with its number, or give another text.");
                }
            }

            int label = head.AddClass(text);
            if (label < 0)
            {
                throw new InvalidOperationException("The model has room for " + settings.AddedClasses.ToString() + " added classes and has " + head.AddedCount.ToString() + ".");
            }

            return label;
        }

        /// <summary>The text of a class, its number where the file has none; empty for <see cref="None"/>. The first call reads the texts from the file.</summary>
        /// <exception cref="ArgumentException">The class does not exist.</exception>
        public string ClassText(int index)
        {
            if (index < None || index >= ClassCount)
            {
                throw new ArgumentException("There is no class " + index.ToString() + "; the model has " + ClassCount.ToString() + ".");
            }

            if (texts == null)
            {
                texts = session.Model.File.Metadata.TextList(MetadataKey.Labels);
            }

            return index == None ? "" : index >= settings.Classes ? head.AddedText(index) : index < texts.Length ? texts[index] : index.ToString();
        }

        /// <summary>Tries both heads on the self-test samples that have a class; the factory's decides from then on where the other has fewer right.</summary>
        /// <returns><see cref="IsAdapted"/>.</returns>
        public bool Verify()
        {
            RunTests();
            AdaptedRight = 0;
            for (int i = 0; i < head.TestCount; i++)
            {
                head.TakeTest(i);
                int added = Adapt();
                rule.Decide(true);
                int called = head.Shares == null ? head.TestCalled(i) : rule.Called;
                AdaptedRight += added < 0 && called == head.TestLabel(i) ? 1 : 0;
            }

            isBehind = AdaptedRight < FactoryRight;
            return IsAdapted;
        }

        /// <summary>Forgets everything that was learned.</summary>
        public void Reset()
        {
            head.Reset();
            isBehind = false;
        }

        /// <summary>What was learned, as a file to keep: bound to this model by its SHA-256, with a CRC-32.</summary>
        public byte[] Save()
        {
            return StateFile.Write(head, Hash());
        }

        /// <summary>Takes what <see cref="Save"/> gave, after all checks and <see cref="Verify"/>.</summary>
        /// <returns>Null, or why it was not taken, in a sentence: then the model is as the factory made it.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="state"/> is null.</exception>
        public string Restore(byte[] state)
        {
            if (state == null)
            {
                throw new ArgumentNullException(nameof(state));
            }

            string problem = StateFile.Read(state, head, Hash());
            Verify();
            return problem;
        }

        private byte[] Hash()
        {
            hash = hash ?? ModelHash.Of(session.Model.File);
            return hash;
        }

        // The outputs of the adapted head; an added class, or −1.
        private int Adapt()
        {
            int added = head.Decide();
            int[] shares = head.Shares;
            for (int i = 0; shares != null && i < shares.Length; i++)
            {
                rule.Outputs[i] = shares[i] / (float)LogitShares.One;
            }

            return added;
        }

        // Once: what the last layer reads of a self-test sample never changes.
        private void RunTests()
        {
            if (isTested)
            {
                return;
            }

            isTested = true;
            ModelFile file = session.Model.File;
            float[] input = new float[session.InputLength];
            for (int i = 0; i < head.TestCount; i++)
            {
                int place = file.SectionOffset(FormatLayout.SelfTestSection) + (4 * head.TestVector(i) * input.Length);
                for (int k = 0; k < input.Length; k++)
                {
                    input[k] = file.Bytes.F32(place + (4 * k));
                }

                bool accepts = Run(input);
                rule.Decide(accepts);
                head.SetTest(i, rule.Called);
            }
        }

        // Whether the input is one that the model defines.
        private bool Run(float[] input)
        {
            session.Run(input, rule.Outputs);
            short[] values = head.Hidden;
            if (settings.IsWide)
            {
                Array.Copy(session.Elements(hidden), 0, values, 0, values.Length);
            }
            else
            {
                sbyte[] elements = (sbyte[])session.Elements(hidden);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (short)(elements[i] - settings.ZeroPoint);
                }
            }

            return DecisionMetadata.Accepts(input, acceptsMissing);
        }

        private void Require(int any, string what)
        {
            if ((settings.Heads & any) == 0)
            {
                throw new InvalidOperationException("The model " + what + "; make it with 'edge train --adaptable' and that head.");
            }
        }
    }
}
