namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>Reads and checks record 14 of a contract, and the last Dense layer that it names. docs/model-format.md says what each byte means.</summary>
    internal static class AdaptationRecord
    {
        /// <summary>Bytes before the classes of the self-test vectors.</summary>
        public const int HeaderBytes = 30;

        /// <summary>Offset of the index of the hidden vector's tensor, u16.</summary>
        public const int HiddenOffset = 0;

        /// <summary>Offset of the index of the last Dense layer's operator, u16.</summary>
        public const int OperatorOffset = 2;

        /// <summary>Offset of the heads, u8.</summary>
        public const int HeadsOffset = 4;

        /// <summary>Offset of the function of the logits, a <see cref="DecisionHead"/>, u8.</summary>
        public const int LinkOffset = 5;

        /// <summary>Offset of the fraction bits, u8.</summary>
        public const int FractionBitsOffset = 6;

        /// <summary>Offset of the passes, u8.</summary>
        public const int PassesOffset = 7;

        /// <summary>Offset of the logit of one step of what the multipliers of the layer give, f32.</summary>
        public const int LogitStepOffset = 8;

        /// <summary>Offset of the greatest change of a weight, i32.</summary>
        public const int WeightLimitOffset = 12;

        /// <summary>Offset of the learning rate, u16.</summary>
        public const int RateOffset = 16;

        /// <summary>Offset of its shift, u8.</summary>
        public const int RateShiftOffset = 18;

        /// <summary>Offset of the bias's input as a power of two, u8.</summary>
        public const int BiasShiftOffset = 19;

        /// <summary>Offset of the number of samples that are stored, u16.</summary>
        public const int CapacityOffset = 20;

        /// <summary>Offset of the number of classes that can be added, u8.</summary>
        public const int AddedClassesOffset = 22;

        /// <summary>Offset of the number of neighbours that vote, u8.</summary>
        public const int NeighboursOffset = 23;

        /// <summary>Offset of the quantile, u16.</summary>
        public const int QuantileOffset = 24;

        /// <summary>Offset of the number of normal samples before the first threshold, u16.</summary>
        public const int WarmUpOffset = 26;

        /// <summary>Offset of the most that a logit may be moved, u16.</summary>
        public const int LogitLimitOffset = 28;

        /// <summary>Most elements of a hidden vector.</summary>
        public const int MaxDepth = 4096;

        /// <summary>Most samples that are stored.</summary>
        public const int MaxCapacity = 1024;

        /// <summary>Most classes that can be added.</summary>
        public const int MaxAddedClasses = 32;

        /// <summary>Most passes.</summary>
        public const int MaxPasses = 32;

        /// <summary>Most neighbours that vote.</summary>
        public const int MaxNeighbours = 15;

        /// <summary>The largest shift of a rate.</summary>
        public const int MaxRateShift = 46;

        private const int AllHeads = HeadSettings.LastLayer | HeadSettings.AddsClasses | HeadSettings.FindsAnomalies | HeadSettings.Anchored;

        /// <summary>Whether the file has the record.</summary>
        public static bool IsIn(ModelFile file)
        {
            return file.Metadata.PayloadOffset(MetadataKey.Adaptation) >= 0;
        }

        /// <summary>Reads the record of a file that has it.</summary>
        /// <exception cref="ModelFormatException">The record breaks the format, or does not fit the model.</exception>
        public static HeadSettings Read(ModelFile file)
        {
            ModelBytes bytes = file.Bytes;
            int start = file.Metadata.PayloadOffset(MetadataKey.Adaptation);
            int length = file.Metadata.PayloadLength(MetadataKey.Adaptation);
            Require(length >= HeaderBytes, start, "the record of the learning heads is shorter than its " + HeaderBytes.ToString() + " bytes");
            OperatorRecord dense = Layer(file, start);
            TensorInfo hidden = dense.Input(0);
            HeadSettings settings = new HeadSettings();
            settings.Heads = bytes.U8(start + HeadsOffset);
            settings.Depth = hidden.Elements;
            settings.Units = dense.Output(0).Elements;
            settings.IsWide = hidden.Type == TensorType.Int16;
            settings.ZeroPoint = hidden.ZeroPoint;
            int link = bytes.U8(start + LinkOffset);
            settings.IsSoftmax = link == (int)DecisionHead.Softmax;
            Require(settings.Heads > 0 && settings.Heads <= AllHeads && settings.Heads != HeadSettings.Anchored, start + HeadsOffset, "the record of the learning heads has no head or an unknown one; update the runtime");
            Require(settings.IsSoftmax ? settings.Units > 1 : link == (int)DecisionHead.Sigmoid, start + LinkOffset, "the learning heads need a sigmoid, or a softmax of two units or more");
            ReadLimits(settings, bytes, start);
            CheckDecision(file, settings, start);
            ReadEnd(settings, file, start, length);
            LayerWeights.Read(settings, file, dense, start);
            return settings;
        }

        // The Dense layer that ends the model: nothing after it may write over what it read.
        private static OperatorRecord Layer(ModelFile file, int start)
        {
            ModelBytes bytes = file.Bytes;
            int index = bytes.U16(start + OperatorOffset);
            Require(index < file.OperatorCount, start + OperatorOffset, "the operator of the learning heads does not exist");
            OperatorRecord dense = file.Operator(index);
            Require(dense.Opcode == Opcode.Dense, start + OperatorOffset, "the operator of the learning heads is not a Dense layer");
            TensorInfo hidden = dense.Input(0);
            Require(bytes.U16(start + HiddenOffset) == hidden.Index, start + HiddenOffset, "the hidden vector of the learning heads is not what their layer reads");
            Require(hidden.Type == TensorType.Int8 || hidden.Type == TensorType.Int16, start + HiddenOffset, "learning heads need a hidden vector of int8 or int16");
            Require(hidden.Storage == TensorStorage.Arena && hidden.Elements <= MaxDepth, start + HiddenOffset, "the hidden vector of the learning heads is not in the arena or has more than " + MaxDepth.ToString() + " elements");
            Require(dense.Output(0).Elements == dense.Input(1).Dimension(0), start + OperatorOffset, "the layer of the learning heads has several rows");
            for (int i = index + 1; i < file.OperatorCount; i++)
            {
                OperatorRecord later = file.Operator(i);
                for (int k = 0; k < later.OutputCount; k++)
                {
                    TensorInfo output = later.Output(k);
                    bool apart = output.Offset >= hidden.Offset + hidden.Bytes || hidden.Offset >= output.Offset + output.Bytes;
                    Require(apart, start + HiddenOffset, "an operator writes over the hidden vector of the learning heads");
                }
            }

            for (int i = 0; i < file.TensorCount; i++)
            {
                Require(file.Tensor(i).Storage != TensorStorage.State, start + HiddenOffset, "a model that keeps a state cannot have learning heads");
            }

            return dense;
        }

        private static void ReadLimits(HeadSettings settings, ModelBytes bytes, int start)
        {
            settings.FractionBits = Within(bytes.U8(start + FractionBitsOffset), 16, 30, start + FractionBitsOffset, "fraction bits");
            settings.Passes = Within(bytes.U8(start + PassesOffset), 0, MaxPasses, start + PassesOffset, "passes");
            settings.WeightLimit = Within(bytes.I32(start + WeightLimitOffset), 1, 1 << 30, start + WeightLimitOffset, "greatest change of a weight");
            settings.Rate = Within(bytes.U16(start + RateOffset), 1, short.MaxValue, start + RateOffset, "learning rate");
            settings.RateShift = Within(bytes.U8(start + RateShiftOffset), 1, MaxRateShift, start + RateShiftOffset, "shift of the learning rate");
            settings.BiasShift = Within(bytes.U8(start + BiasShiftOffset), 0, 14, start + BiasShiftOffset, "input of the bias");
            settings.Capacity = Within(bytes.U16(start + CapacityOffset), 0, MaxCapacity, start + CapacityOffset, "stored samples");
            settings.AddedClasses = Within(bytes.U8(start + AddedClassesOffset), 0, MaxAddedClasses, start + AddedClassesOffset, "added classes");
            settings.Neighbours = Within(bytes.U8(start + NeighboursOffset), 0, settings.Capacity < MaxNeighbours ? settings.Capacity : MaxNeighbours, start + NeighboursOffset, "neighbours");
            settings.Quantile = Within(bytes.U16(start + QuantileOffset), 1, short.MaxValue, start + QuantileOffset, "quantile");
            settings.WarmUp = Within(bytes.U16(start + WarmUpOffset), 2, AnomalyHead.MaxSamples, start + WarmUpOffset, "normal samples before the first threshold");
            settings.LogitLimit = Within(bytes.U16(start + LogitLimitOffset), 1, ushort.MaxValue, start + LogitLimitOffset, "greatest change of a logit");
            Require((settings.Neighbours & 1) == 1 || settings.Neighbours == 0, start + NeighboursOffset, "the neighbours of the learning heads are an even number");
            Require(settings.Has(HeadSettings.AddsClasses) == settings.AddedClasses > 0, start + AddedClassesOffset, "the learning heads add classes without room for one, or have room without the head");
            Require(settings.Classes + settings.AddedClasses < HeadSettings.NoClass, start + AddedClassesOffset, "the learning heads have more than 254 classes");
        }

        // One output that decides, whose classes are the layer's.
        private static void CheckDecision(ModelFile file, HeadSettings settings, int start)
        {
            bool fits = file.OutputCount == 1 && file.Output(0).Elements == settings.Units;
            Require(fits, start + OperatorOffset, "the layer of the learning heads has other units than the model's only output");
            Require(file.Metadata.Byte(MetadataKey.Outputs, 2) == (int)OutputRole.Probability, start, "learning heads need an output of probabilities");
        }

        private static void ReadEnd(HeadSettings settings, ModelFile file, int start, int length)
        {
            long vector = file.Output(0).Bytes;
            for (int i = 0; i < file.InputCount; i++)
            {
                vector += 4L * file.Input(i).Elements;
            }

            int vectors = (int)(file.SectionLength(FormatLayout.SelfTestSection) / vector);
            bool hasMeans = settings.Has(HeadSettings.AddsClasses);
            int elements = hasMeans ? settings.Classes * settings.Depth : 0;
            Require(length == HeaderBytes + vectors + (elements * (settings.IsWide ? 2 : 1)), start, "the record of the learning heads has another length than its classes of self-test vectors and means of classes");
            settings.SelfTestClasses = new byte[vectors];
            int position = start + HeaderBytes;
            for (int i = 0; i < vectors; i++, position++)
            {
                int label = file.Bytes.U8(position);
                Require(label < settings.Classes || label == HeadSettings.NoClass, position, "the class of a self-test vector does not exist");
                settings.SelfTestClasses[i] = (byte)label;
            }

            settings.Means = hasMeans ? new short[elements] : null;
            for (int i = 0; i < elements; i++)
            {
                settings.Means[i] = settings.IsWide ? (short)file.Bytes.U16(position + (2 * i)) : (short)((sbyte)file.Bytes.U8(position + i) - settings.ZeroPoint);
            }
        }

        private static int Within(int value, int least, int most, int offset, string what)
        {
            if (value < least || value > most)
            {
                throw new ModelFormatException("contract", offset, "the " + what + " of the learning heads: " + value.ToString() + " is not from " + least.ToString() + " to " + most.ToString());
            }

            return value;
        }

        private static void Require(bool condition, int offset, string problem)
        {
            if (!condition)
            {
                throw new ModelFormatException("contract", offset, problem);
            }
        }
    }
}
