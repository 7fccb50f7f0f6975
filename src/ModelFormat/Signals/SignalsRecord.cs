namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// The contract's record of a signal pipeline, read with the record of the window that it works on: channels, filters and features.
    /// docs/model-format.md says what each byte means.
    /// </summary>
    internal sealed class SignalsRecord
    {
        private const int SizeBytes = 4;
        private const int WindowBytes = 12;

        // 1 of the coefficients.
        private const long One = 1L << 30;

        private readonly ModelBytes bytes;
        private readonly ModelMetadata metadata;
        private readonly int start;
        private readonly int end;

        private SignalsRecord(ModelBytes bytes, ModelMetadata metadata)
        {
            this.bytes = bytes;
            this.metadata = metadata;
            start = metadata.PayloadOffset(MetadataKey.Signals);
            end = start + metadata.PayloadLength(MetadataKey.Signals);
            ReadWindow();
            Require(end - start >= FormatLayout.SignalsHeaderBytes, start, "the signals have no header");
            Channels = bytes.U8(start + FormatLayout.SignalsChannelsOffset);
            Require(Channels > 0, start, "the signals have no channel");
            Require((long)Channels * Length <= SignalPlan.MaxCounts, start, "the windows of all channels have more than 1048576 counts");
            int position = ReadChannels(start + FormatLayout.SignalsHeaderBytes);
            position = ReadFilters(position);
            ReadPlan(position);
        }

        /// <summary>Values in a sample.</summary>
        public int Channels { get; }

        /// <summary>Seconds from one sample to the next.</summary>
        public float Period { get; private set; }

        /// <summary>Samples of a window.</summary>
        public int Length { get; private set; }

        /// <summary>Samples from the start of one window to that of the next.</summary>
        public int Hop { get; private set; }

        /// <summary>Coefficients of all filters.</summary>
        public int[] Filters { get; private set; }

        /// <summary>For each feature its kind; for one of bands then their number and their edges: bins, of triangles in 1/256.</summary>
        public int[] Plan { get; private set; }

        /// <summary>Reads and checks the record.</summary>
        /// <returns>Null where the file has none.</returns>
        /// <exception cref="ModelFormatException">It breaks the format.</exception>
        public static SignalsRecord Read(ModelBytes bytes, ModelMetadata metadata)
        {
            return metadata.PayloadOffset(MetadataKey.Signals) < 0 ? null : new SignalsRecord(bytes, metadata);
        }

        /// <summary>What one count of a channel is in the sensor's unit.</summary>
        public float CountSize(int channel)
        {
            return bytes.F32(ChannelOffset(channel));
        }

        /// <summary>A channel's name.</summary>
        public string ChannelName(int channel)
        {
            return TextList.At(bytes, ChannelOffset(channel) + SizeBytes);
        }

        /// <summary>A name for each feature: those of channel 0 first.</summary>
        public string[] FeatureNames()
        {
            string[] names = new string[Channels * SignalPlan.CountOf(Plan)];
            int count = 0;
            for (int channel = 0; channel < Channels; channel++)
            {
                string prefix = ChannelName(channel) + "_";
                for (int i = 0; i < Plan.Length; i++)
                {
                    int kind = Plan[i];
                    if (!SignalPlan.HasBands(kind))
                    {
                        names[count++] = prefix + KindName(kind);
                        continue;
                    }

                    int bands = Plan[i + 1];
                    for (int band = 0; band < bands; band++)
                    {
                        names[count++] = prefix + KindName(kind) + "_" + band.ToString();
                    }

                    i += 1 + SignalPlan.Edges(kind, bands);
                }
            }

            return names;
        }

        /// <summary>Checks that the model takes the features, and that its record of names has theirs.</summary>
        /// <param name="inputLength">Values that one inference takes.</param>
        public void CheckInputs(int inputLength)
        {
            Require((long)Channels * SignalPlan.CountOf(Plan) == inputLength, start, "the signals do not make one feature for each value that the model takes");
            if (metadata.PayloadOffset(MetadataKey.InputNames) >= 0)
            {
                string[] names = FeatureNames();
                string[] said = metadata.TextList(MetadataKey.InputNames);
                bool same = names.Length == said.Length;
                for (int i = 0; same && i < names.Length; i++)
                {
                    same = names[i] == said[i];
                }

                Require(same, metadata.PayloadOffset(MetadataKey.InputNames), "the names of the inputs are not those of the signals' features");
            }
        }

        private static string KindName(int kind)
        {
            switch ((SignalFeature)kind)
            {
                case SignalFeature.Mean: return "mean";
                case SignalFeature.Variance: return "variance";
                case SignalFeature.Rms: return "rms";
                case SignalFeature.Peak: return "peak";
                case SignalFeature.ZeroCrossingRate: return "zero_crossing_rate";
                case SignalFeature.BandPower: return "band_power";
                case SignalFeature.MelPower: return "mel_power";
                default: return "log_mel_power";
            }
        }

        private static void Require(bool condition, int offset, string problem)
        {
            if (!condition)
            {
                throw new ModelFormatException("contract", offset, problem);
            }
        }

        private void ReadWindow()
        {
            int offset = metadata.PayloadOffset(MetadataKey.Window);
            Require(metadata.PayloadLength(MetadataKey.Window) == WindowBytes, start, "the signals need the record of the window, of a period, a length and a hop");
            Period = bytes.F32(offset);
            Length = bytes.I32(offset + 4);
            Hop = bytes.I32(offset + 8);
            Require(0f < Period && Period - Period == 0f, offset, "the signals' sample period is not above 0 and finite");
            Require(Length >= SignalPlan.MinLength && Length <= SignalPlan.MaxLength, offset, "the signals' window does not have 2 to 16384 samples");
            Require(Hop > 0 && Hop <= Length, offset, "the signals' hop is not 1 to the window's length");
        }

        private int ReadChannels(int position)
        {
            string[] names = new string[Channels];
            for (int channel = 0; channel < Channels; channel++)
            {
                int first = position;
                Require(end - position > SizeBytes, position, "a channel of the signals does not fit in the record");
                float size = bytes.F32(position);
                Require(0f < size && size - size == 0f, position, "the size of a count is not above 0 and finite");
                int name = position + SizeBytes;
                position = TextList.Next(bytes, name, end);
                Require(position <= end, name, "a channel's name does not fit in the record");
                names[channel] = TextList.At(bytes, name);
                Require(names[channel].Length > 0, name, "a channel has no name");
                for (int other = 0; other < channel; other++)
                {
                    Require(names[other] != names[channel], first, "two channels of the signals have one name");
                }
            }

            return position;
        }

        private int ReadFilters(int position)
        {
            int count = bytes.U8(start + FormatLayout.SignalsFiltersOffset);
            Require(count <= SignalPlan.MaxFilters, start + FormatLayout.SignalsFiltersOffset, "the signals have more than 16 filters");
            Filters = new int[count * SignalPlan.FilterCoefficients];
            Require(end - position >= 4 * Filters.Length, position, "the signals' filters do not fit in the record");
            for (int i = 0; i < Filters.Length; i++)
            {
                Filters[i] = bytes.I32(position + (4 * i));
            }

            for (int i = 0; i < Filters.Length; i += SignalPlan.FilterCoefficients)
            {
                long a1 = Filters[i + 3];
                long a2 = Filters[i + 4];

                // Both poles within the unit circle: the triangle of stability.
                bool isStable = a2 < One && a1 < One + a2 && -a1 < One + a2;
                Require(isStable, position + (4 * i), "a filter of the signals is not stable");
            }

            return position + (4 * Filters.Length);
        }

        private void ReadPlan(int position)
        {
            int features = bytes.U8(start + FormatLayout.SignalsFeaturesOffset);
            Require(features > 0 && features <= SignalPlan.Kinds, start + FormatLayout.SignalsFeaturesOffset, "the signals do not have 1 to 8 kinds of features");
            int size = 0;
            int first = position;
            int kinds = 0;
            for (int i = 0; i < features; i++)
            {
                Require(position < end, position, "a feature of the signals does not fit in the record");
                int kind = bytes.U8(position);
                Require(kind < SignalPlan.Kinds, position, "a feature of the signals is unknown; update the runtime");
                Require((kinds & (1 << kind)) == 0, position, "a feature of the signals is there twice");
                kinds |= 1 << kind;
                position++;
                size++;
                if (SignalPlan.HasBands(kind))
                {
                    Require(Length >= SignalPlan.MinSpectrumLength, position, "a spectrum needs a window of 4 samples or more");
                    Require(end - position >= 2, position, "a feature of the signals does not fit in the record");
                    int bands = bytes.U16(position);
                    Require(bands > 0 && bands <= SignalPlan.MaxBands, position, "a feature of the signals does not have 1 to 256 bands");
                    size += 1 + SignalPlan.Edges(kind, bands);
                    int next = position + 2 + (4 * SignalPlan.Edges(kind, bands));
                    Require(next <= end, position, "the bands of the signals do not fit in the record");
                    position = next;
                }
            }

            Require(position == end, position, "the record of the signals goes on after its last feature");
            Plan = new int[size];
            FillPlan(first);
        }

        private void FillPlan(int position)
        {
            for (int i = 0; i < Plan.Length; i++)
            {
                int kind = bytes.U8(position++);
                Plan[i] = kind;
                if (SignalPlan.HasBands(kind))
                {
                    int bands = bytes.U16(position);
                    Plan[++i] = bands;
                    position += 2;
                    int bins = SignalPlan.Points(Length) / 2;
                    bool isBins = kind == (int)SignalFeature.BandPower;
                    int last = isBins ? 0 : -1;
                    for (int edge = SignalPlan.Edges(kind, bands); edge > 0; edge--)
                    {
                        int value = bytes.I32(position);
                        Require(value > last && value <= (isBins ? bins + 1 : bins << SignalPlan.BinShift), position, "the edges of the signals' bands do not ascend within the spectrum");
                        last = value;
                        Plan[++i] = value;
                        position += 4;
                    }
                }
            }
        }

        private int ChannelOffset(int channel)
        {
            int position = start + FormatLayout.SignalsHeaderBytes;
            for (int i = 0; i < channel; i++)
            {
                position = TextList.Next(bytes, position + SizeBytes, end);
            }

            return position;
        }
    }
}
