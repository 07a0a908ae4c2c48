// biome-ignore-all format: lists of names read better as lists
import type { Pair } from '../centre.ts'

export const surnames: readonly (readonly [Pair, number])[] = [
  [['王', 'Wang'], 9], [['李', 'Li'], 9], [['张', 'Zhang'], 8], [['刘', 'Liu'], 7], [['陈', 'Chen'], 8], [['杨', 'Yang'], 4], [['赵', 'Zhao'], 4], [['黄', 'Huang'], 4], [['周', 'Zhou'], 4], [['吴', 'Wu'], 4],
  [['徐', 'Xu'], 3], [['孙', 'Sun'], 3], [['胡', 'Hu'], 3], [['朱', 'Zhu'], 3], [['高', 'Gao'], 2], [['林', 'Lin'], 3], [['何', 'He'], 2], [['郭', 'Guo'], 2], [['马', 'Ma'], 2], [['罗', 'Luo'], 2], [['梁', 'Liang'], 2],
  [['宋', 'Song'], 2], [['郑', 'Zheng'], 2], [['谢', 'Xie'], 2], [['韩', 'Han'], 1], [['唐', 'Tang'], 2], [['冯', 'Feng'], 1], [['于', 'Yu'], 1], [['董', 'Dong'], 1], [['萧', 'Xiao'], 1], [['程', 'Cheng'], 1], [['曹', 'Cao'], 1],
  [['袁', 'Yuan'], 1], [['邓', 'Deng'], 1], [['许', 'Xu'], 1], [['傅', 'Fu'], 1], [['沈', 'Shen'], 2], [['曾', 'Zeng'], 1], [['彭', 'Peng'], 1], [['吕', 'Lü'], 1], [['苏', 'Su'], 1], [['卢', 'Lu'], 1], [['蒋', 'Jiang'], 1], [['蔡', 'Cai'], 1],
  [['贾', 'Jia'], 1], [['丁', 'Ding'], 1], [['魏', 'Wei'], 1], [['薛', 'Xue'], 1], [['叶', 'Ye'], 1], [['阎', 'Yan'], 1], [['余', 'Yu'], 1], [['潘', 'Pan'], 1], [['杜', 'Du'], 1], [['戴', 'Dai'], 1], [['夏', 'Xia'], 1], [['钟', 'Zhong'], 1],
  [['汪', 'Wang'], 1], [['田', 'Tian'], 1], [['任', 'Ren'], 1], [['姜', 'Jiang'], 1], [['范', 'Fan'], 1], [['方', 'Fang'], 1], [['石', 'Shi'], 1], [['姚', 'Yao'], 1], [['谭', 'Tan'], 1], [['廖', 'Liao'], 1], [['顾', 'Gu'], 1], [['欧阳', 'Ouyang'], 0.3],
]
export const firstSigns: readonly Pair[] = [
  ['雨', 'Yu'], ['明', 'Ming'], ['佳', 'Jia'], ['子', 'Zi'], ['思', 'Si'], ['文', 'Wen'], ['晓', 'Xiao'], ['志', 'Zhi'], ['海', 'Hai'], ['建', 'Jian'], ['丽', 'Li'], ['秀', 'Xiu'], ['国', 'Guo'], ['春', 'Chun'], ['玉', 'Yu'], ['少', 'Shao'], ['梓', 'Zi'], ['若', 'Ruo'], ['俊', 'Jun'], ['欣', 'Xin'],
  ['怡', 'Yi'], ['浩', 'Hao'], ['天', 'Tian'], ['诗', 'Shi'], ['永', 'Yong'], ['桂', 'Gui'], ['红', 'Hong'], ['立', 'Li'], ['承', 'Cheng'], ['景', 'Jing'],
]
export const lastSigns: readonly Pair[] = [
  ['桐', 'tong'], ['远', 'yuan'], ['禾', 'he'], ['涵', 'han'], ['琪', 'qi'], ['杰', 'jie'], ['华', 'hua'], ['强', 'qiang'], ['军', 'jun'], ['英', 'ying'], ['兰', 'lan'], ['珍', 'zhen'], ['轩', 'xuan'], ['宁', 'ning'], ['婷', 'ting'], ['峰', 'feng'], ['辰', 'chen'], ['芳', 'fang'], ['敏', 'min'], ['洁', 'jie'],
  ['平', 'ping'], ['勇', 'yong'], ['涛', 'tao'], ['波', 'bo'], ['霞', 'xia'], ['云', 'yun'], ['博', 'bo'], ['哲', 'zhe'], ['悦', 'yue'], ['安', 'an'], ['雯', 'wen'], ['成', 'cheng'], ['林', 'lin'], ['梅', 'mei'],
]

export type Area = { name: Pair; district: Pair; postCode: string; /** A street has numbers, an estate has buildings. */ street?: boolean }
const east: Pair = ['城东片区', 'East']
const south: Pair = ['城南片区', 'South']
const west: Pair = ['城西片区', 'West']
const river: Pair = ['滨江片区', 'Riverside']
const old: Pair = ['老城片区', 'Old Town']
const park: Pair = ['高新片区', 'Science Park']
export const areas: readonly Area[] = [
  { name: ['海棠里', 'Haitang'], district: river, postCode: '310011' }, { name: ['柳溪路', 'Liuxi Road'], district: west, postCode: '310023', street: true }, { name: ['云栖苑', 'Yunqi Court'], district: west, postCode: '310024' },
  { name: ['锦江花园', 'Jinjiang Estate'], district: river, postCode: '310011' }, { name: ['青枫园', 'Qingfeng Garden'], district: east, postCode: '310016' }, { name: ['明珠里', 'Mingzhu Lane'], district: old, postCode: '310002' },
  { name: ['桂语轩', 'Guiyu Court'], district: south, postCode: '310008' }, { name: ['望江府', 'Wangjiang House'], district: river, postCode: '310012' }, { name: ['新塘小区', 'Xintang'], district: east, postCode: '310017' },
  { name: ['学府路', 'Xuefu Road'], district: park, postCode: '310053', street: true }, { name: ['临湖苑', 'Linhu Court'], district: park, postCode: '310052' }, { name: ['石桥头', 'Shiqiao'], district: old, postCode: '310003' },
  { name: ['东篱小筑', 'Dongli'], district: east, postCode: '310016' }, { name: ['文澜苑', 'Wenlan Court'], district: south, postCode: '310009' }, { name: ['朝晖新村', 'Zhaohui'], district: old, postCode: '310004' },
  { name: ['半山路', 'Banshan Road'], district: west, postCode: '310022', street: true }, { name: ['香樟园', 'Camphor Garden'], district: south, postCode: '310008' }, { name: ['星河湾', 'Xinghe Bay'], district: park, postCode: '310051' },
]

export const organisations: readonly Pair[] = [
  ['物业', 'Property Management'], ['业委会', 'Owners\' Committee'], ['幼儿园', 'Kindergarten'], ['小学', 'Primary School'], ['社区卫生站', 'Health Centre'], ['便利店', 'Corner Shop'], ['洗衣店', 'Laundry'], ['饭店', 'Restaurant'], ['健身馆', 'Gym'], ['农贸市场', 'Market'],
]

/** Those whom the story and the pictures know by name. Telephone: the last four digits. */
export const known: readonly { number: string; name: Pair; kind: 'person' | 'organisation'; tier: 'normal' | 'silver' | 'gold' | 'key'; phone: string; area: number; house: Pair; care?: string[] }[] = [
  { number: '1024008735', name: ['陈雨桐', 'Chen Yutong'], kind: 'person', tier: 'gold', phone: '6021', area: 0, house: ['3 幢 2 单元 901', 'Building 3, 2-901'], care: ['infant'] },
  { number: '1024008812', name: ['顾明远', 'Gu Mingyuan'], kind: 'person', tier: 'normal', phone: '6022', area: 4, house: ['7 幢 1 单元 302', 'Building 7, 1-302'] },
  { number: '1024000016', name: ['锦江花园物业', 'Jinjiang Estate'], kind: 'organisation', tier: 'key', phone: '6023', area: 3, house: ['物业中心', 'Estate office'] },
  { number: '1024009140', name: ['唐可心', 'Tang Kexin'], kind: 'person', tier: 'silver', phone: '6024', area: 1, house: ['36 号', 'No. 36'] },
  { number: '1024009233', name: ['方可', 'Fang Ke'], kind: 'person', tier: 'normal', phone: '6025', area: 2, house: ['2 幢 1 单元 1102', 'Building 2, 1-1102'] },
  { number: '1024008741', name: ['沈佳禾', 'Shen Jiahe'], kind: 'person', tier: 'normal', phone: '6026', area: 0, house: ['5 幢 1 单元 401', 'Building 5, 1-401'], care: ['elderly'] },
  { number: '1024000031', name: ['晨曦幼儿园', 'Chenxi Kindergarten'], kind: 'organisation', tier: 'key', phone: '6027', area: 8, house: ['18 号', 'No. 18'] },
]
